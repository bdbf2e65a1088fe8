namespace AuthServer.Protocol.UserInfo;

/// <summary>Takes a bearer token out of a request, and challenges for one (RFC 6750 §2, §3).</summary>
internal static class BearerToken
{
    /// <summary>
    /// The header in any letter case (§2.1), or the form of a POST (§2.2). Never the query (RFC 9700 §4.3.2).
    /// </summary>
    /// <returns>
    /// The token; <c>invalid_request</c> when there are two; an error without a code when there is none (§3.1).
    /// </returns>
    public static async ValueTask<Result<string>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var header = FromHeader(request);
        var form =
            HttpMethods.IsPost(request.Method)
            && (await Parameters.ReadFormWithRepeatsAsync(request, cancellationToken)).TryGet(out var read, out _)
                ? read
                : null;
        if (request.Headers.Authorization.Count > 1 || form?.IsRepeated("access_token") is true)
        {
            return Several;
        }

        return (header, form?["access_token"]) switch
        {
            ({ } token, null) => token,
            (null, { } token) => token,
            (null, null) => NoToken,
            _ => Several,
        };
    }

    /// <summary>Answers with <c>WWW-Authenticate</c> and, when there was a token to speak of, a JSON body.</summary>
    public static Task ChallengeAsync(HttpContext http, ProtocolError error)
    {
        http.Response.Headers.WWWAuthenticate =
            error == NoToken ? "Bearer" : $"Bearer error=\"{error.Code}\", error_description=\"{error.Description}\"";
        return JsonAnswer.WriteAsync(
            http.Response,
            json =>
            {
                json.WriteStartObject();
                if (error != NoToken)
                {
                    json.WriteString("error", error.Code);
                    json.WriteString("error_description", error.Description);
                }

                json.WriteEndObject();
            },
            error.Status
        );
    }

    private static readonly ProtocolError Several = ProtocolError.InvalidRequest(
        "The access token is there more than once."
    );

    private static readonly ProtocolError NoToken = new("", StatusCodes.Status401Unauthorized, "No access token.");

    private static string? FromHeader(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        return
            request.Headers.Authorization is [{ } header]
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;
    }
}
