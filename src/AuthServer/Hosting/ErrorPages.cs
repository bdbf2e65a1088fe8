using System.Security.Cryptography;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthServer.Hosting;

/// <summary>
/// Gives a page to a person whose request failed, and a JSON body to a program. Each failure has a reference, which the
/// page shows and one line of the log carries. Nobody is shown a stack trace; the log has it.
/// </summary>
/// <remarks>
/// The page reads the status from the response, and the reference from <see cref="HttpContext.TraceIdentifier"/>.
/// </remarks>
internal sealed partial class ErrorPages(RequestDelegate next, OutageRule rule, ILogger<ErrorPages> logger)
{
    /// <summary>
    /// The page that is rendered in the place of an answer without a body. It answers to every method.
    /// </summary>
    public const string Path = "/error";

    // Crockford's base 32: no letter that could be read as a digit or as another letter over the telephone.
    private const string ReferenceAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (
                http.Response
                    is { HasStarted: false, StatusCode: >= 400 and < 600, ContentLength: null, ContentType: null or "" }
                && WantsPage(http)
            )
            {
                var reference = NewReference(http);
                Answered(http.Response.StatusCode, http.Request.Method, What(http), reference);
                await RenderAsync(http, reference);
            }
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            await AnswerFailureAsync(http, e);
        }
    }

    private async Task AnswerFailureAsync(HttpContext http, Exception failure)
    {
        var reference = NewReference(http);
        http.Response.Clear();
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        if (rule.IsOutage(failure))
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "5"; // seconds
        }

        Failed(http.Request.Method, What(http), http.Response.StatusCode, reference, failure);

        SecurityHeaders.Apply(http);
        if (!WantsPage(http))
        {
            await WriteJsonAsync(http, reference);
            return;
        }

        // The page is rendered as for a stranger: what failed may have been looking up who this is.
        http.Request.Headers.Cookie = default;
        await RenderAsync(http, reference);
    }

    // As the framework's own re-execution does it: the same request, sent through the pipeline again with another path.
    private async Task RenderAsync(HttpContext http, string reference)
    {
        var request = http.Request;
        var (path, query, status) = (request.Path, request.QueryString, http.Response.StatusCode);
        http.Features.Set<IStatusCodeReExecuteFeature>(
            new StatusCodeReExecuteFeature
            {
                OriginalPathBase = request.PathBase,
                OriginalPath = path,
                OriginalQueryString = query.Value,
            }
        );
        http.SetEndpoint(null);
        request.RouteValues.Clear();
        (request.Path, request.QueryString) = (Path, QueryString.Empty);
        SecurityHeaders.Apply(http); // the endpoint that failed may have set its own
        try
        {
            await next(http);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            PageFailed(reference, e);
            http.Response.Clear();
            http.Response.StatusCode = status;
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync(
                $"There is a problem with this service. Try again later. Reference: {reference}\n"
            );
        }
        finally
        {
            (request.Path, request.QueryString) = (path, query);
            http.Features.Set<IStatusCodeReExecuteFeature>(null);
        }
    }

    // RFC 6749 §5.2 in shape, which is what callers of most endpoints read.
    private static Task WriteJsonAsync(HttpContext http, string reference)
    {
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsJsonAsync(
            new
            {
                error = http.Response.StatusCode == StatusCodes.Status503ServiceUnavailable
                    ? "temporarily_unavailable"
                    : "server_error",
                error_description = $"Something went wrong on this server. Reference: {reference}",
            }
        );
    }

    // Browsers say whether a request goes to a page; other callers say what they can read, or nothing. An endpoint that
    // answers with JSON is asked by programs, whatever they say.
    private static bool WantsPage(HttpContext http) =>
        http.Request.Headers["Sec-Fetch-Mode"].ToString() is { Length: > 0 } mode
            ? mode == "navigate"
            : !HttpMethods.IsOptions(http.Request.Method)
                && !AnswersWithJson(http.GetEndpoint())
                && http.Request.Headers.Accept.ToString() is var accept
                && (
                    accept.Length == 0
                    || accept.Contains("text/html", StringComparison.OrdinalIgnoreCase)
                    || accept.Contains("*/*", StringComparison.Ordinal)
                );

    private static bool AnswersWithJson(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IProducesResponseTypeMetadata>()?.ContentTypes.Contains("application/json")
            is true;

    private static string NewReference(HttpContext http)
    {
        var characters = RandomNumberGenerator.GetString(ReferenceAlphabet, 8);
        return http.TraceIdentifier = $"{characters[..4]}-{characters[4..]}";
    }

    // The pattern of the route, not the address: addresses may carry what must not be logged.
    private static string What(HttpContext http) =>
        (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "an unknown address";

    [LoggerMessage(1101, LogLevel.Error, "{Method} {Route} failed with status {Status}. Reference {Reference}.")]
    private partial void Failed(string method, string route, int status, string reference, Exception failure);

    [LoggerMessage(
        1102,
        LogLevel.Information,
        "Showed an error page with status {Status} for {Method} {Route}. Reference {Reference}."
    )]
    private partial void Answered(int status, string method, string route, string reference);

    [LoggerMessage(1103, LogLevel.Error, "The error page itself failed. Reference {Reference}.")]
    private partial void PageFailed(string reference, Exception failure);
}
