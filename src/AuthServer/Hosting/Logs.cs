namespace AuthServer.Hosting;

/// <summary>
/// What is logged and how: JSON lines with scopes in Production, plain text in Development. Ids only: whatever the
/// framework would log of addresses, query strings and bodies is turned off here, because they hold usernames and
/// tokens.
/// </summary>
internal static class Logs
{
    /// <summary>They write whole addresses with their query strings, or SQL; no level makes that right.</summary>
    private static readonly string[] Indiscreet =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics", // "Request starting GET …?login_hint=…", and the raw path in a scope
        "Microsoft.AspNetCore.HttpLogging",
        "OpenIddict", // every request and response with its parameters; our handlers log what is refused, and why
        "Microsoft.AspNetCore.Mvc.ModelBinding", // attempted values
        "Microsoft.AspNetCore.StaticFiles",
        "Microsoft.AspNetCore.Routing.Matching", // the path, which may hold the token of a link from an e-mail
    ];

    public static void AddLogs(this WebApplicationBuilder builder)
    {
        if (builder.Environment.IsProduction())
        {
            builder.Logging.AddJsonConsole(json =>
            {
                json.IncludeScopes = true;
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }

        foreach (var category in Indiscreet)
        {
            builder.Logging.AddFilter(category, LogLevel.None);
        }

        // It warns at every form that it sets headers which we set already, and calls an old form an error; the error
        // page's line tells.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None);

        // DataProtectionKeys says it once, at start, and says what to do.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
    }

    /// <summary>
    /// Gives every log line of a request its reference and its route, which unlike the path holds nobody's data.
    /// </summary>
    public static void UseRequestLogScope(this IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("AuthServer.Request");
        app.Use(
            async (http, next) =>
            {
                using (logger.BeginScope(new RequestScope(http)))
                {
                    await next(http);
                }
            }
        );
    }

    /// <summary>Read only when a line is written; requests that log nothing pay for one small object.</summary>
    private sealed class RequestScope(HttpContext http) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 3;

        public KeyValuePair<string, object?> this[int index] =>
            index switch
            {
                0 => new("RequestId", http.TraceIdentifier),
                1 => new("Method", http.Request.Method),
                2 => new("Route", (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none"),
                _ => throw new ArgumentOutOfRangeException(nameof(index)),
            };

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            for (var i = 0; i < Count; i++)
            {
                yield return this[i];
            }
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => $"RequestId:{http.TraceIdentifier}";
    }
}
