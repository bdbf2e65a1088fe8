using System.Text;
using Microsoft.Extensions.Logging;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>
/// Whatever is sent to a protocol endpoint, the sender is told that it is wrong; it is never the server that fails. On
/// both databases, because they differ in what text they take.
/// </summary>
public abstract class OddRequestsContract : StorageContract
{
    private static readonly string[] GetPaths =
    [
        "/connect/authorize",
        "/connect/endsession",
        "/connect/userinfo",
        "/.well-known/openid-configuration",
        "/.well-known/jwks.json",
        "/connect/form-post.js",
    ];

    private static readonly string[] PostPaths =
    [
        "/connect/authorize",
        "/connect/token",
        "/connect/userinfo",
        "/connect/introspect",
        "/connect/revoke",
        "/connect/endsession",
    ];

    private static readonly string[] Names =
    [
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "prompt",
        "max_age",
        "claims",
        "id_token_hint",
        "login_hint",
        "acr_values",
        "code_challenge",
        "response_mode",
        "request",
        "ticket",
        "post_logout_redirect_uri",
        "token",
        "code",
        "code_verifier",
        "refresh_token",
        "grant_type",
        "client_secret",
        "access_token",
    ];

    /// <summary>Values as they stand in a query or form, already encoded or not at all.</summary>
    private static readonly string[] Values =
    [
        "%00",
        "%",
        "%zz",
        "%u0041",
        "%c3%28",
        "%ed%a0%80",
        "%ff%fe",
        "%F0%9F%98%80",
        "\u00ff\u00fe",
        "%0d%0aSet-Cookie:%20a=b",
        "'--",
        "%22%5C%3Cscript%3E",
        "{%22id_token%22:{%22sub%22:{%22value%22:%22%5Cu0000%22}}}",
        "%5B%5B%5B%5B",
        "a.b.c",
        "eyJhbGciOiJub25lIn0.e30.",
        "....",
        "-9223372036854775809",
        "1e999",
        "%E2%80%AE%E2%80%8B",
        "+",
        "=",
    ];

    private static readonly string[] Bodies =
    [
        "",
        "&&&&",
        "====",
        "=a",
        "%",
        "%=%&%=%",
        "a",
        "\0",
        "\u00ff\u00fe\u0000",
        "grant_type",
        "grant_type=&grant_type=",
        "{\"a\":1}",
        "<xml/>",
        string.Concat(Enumerable.Repeat("a=1&", 2000)),
        "scope=" + new string('s', 60_000),
        new string('k', 5000) + "=1",
        "x=" + new string('x', 200_000),
    ];

    private static readonly string[] Types =
    [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/x-www-form-urlencoded; charset=utf-7",
        "application/x-www-form-urlencoded;;;",
        "application/x-www-form-urlencoded; charset=\"",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=\"\"",
        "application/json",
        "\u00ff",
        "",
    ];

    private static readonly string[] Headers =
    [
        "Authorization: Basic",
        "Authorization: Basic ",
        "Authorization: Basic %%%",
        "Authorization: Basic AAAA",
        "Authorization: Basic AGE6AGI=",
        "Authorization: Basic /////w==",
        "Authorization: Bearer",
        "Authorization: Bearer ",
        "Authorization: Bearer .",
        "Authorization: Bearer \u00ff.\u00ff.\u00ff",
        "Authorization: Bearer a\r\nAuthorization: Bearer b",
        "Authorization: DPoP abc",
        "Authorization: \u00ff",
        "Cookie: session=",
        "Cookie: session=AAAA",
        "Cookie: session=%00",
        "Cookie: session=\u00ff; session=x",
        "Cookie: ;;;===",
        "Origin: \u00ff",
        "Origin: null",
        "Accept: \u00ff",
        "Accept-Language: ;;;",
        "X-Forwarded-For: \u00ff",
        "Expect: 100-continue",
        "If-None-Match: \u00ff",
        "Content-Encoding: gzip",
        "Range: bytes=9-1",
        "User-Agent: \u00ff\u0001",
    ];

    [Fact]
    [Trait("oidc", "X2")]
    [Trait("oidc", "T7")]
    [Trait("spec", "RFC 9110 15.6")]
    public async Task No_request_however_odd_is_answered_with_a_500()
    {
        var client = await Server.Given.ClientAsync();
        var valid =
            $"response_type=code&client_id={client.ClientId}&redirect_uri={Uri.EscapeDataString(Given.RedirectUri)}"
            + "&scope=openid&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
        var authorization = RelyingParty.Basic(client.ClientId, client.Secret!).ToString();
        var requests = Queries(valid).Concat(Forms(authorization)).Concat(WithHeaders(valid)).ToList();
        var failures = new StringBuilder();

        await Parallel.ForEachAsync(
            requests,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (request, _) =>
            {
                var status = await RawRequest.StatusAsync(Server.Issuer, request);
                if (status is 0 or >= 500)
                {
                    lock (failures)
                    {
                        failures.Append(status).Append(' ').AppendLine(request.Length > 300 ? request[..300] : request);
                    }
                }
            }
        );

        Assert.InRange(requests.Count, 1000, 5000);
        Assert.True(failures.Length == 0, failures.ToString());
        Assert.DoesNotContain(Server.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    /// <summary>Each odd value in each parameter, alone and after what makes the request right until then.</summary>
    private static IEnumerable<string> Queries(string valid) =>
        from name in Names
        from value in Values
        let query = $"{name}={value}"
        from target in name is "client_id" or "redirect_uri"
            ? new[] { $"/connect/authorize?{query}", $"/connect/endsession?{query}" }
            : [$"/connect/authorize?{valid}&{query}", $"/connect/endsession?{query}"]
        select Get(target.Replace("\0", "%00", StringComparison.Ordinal), "");

    /// <summary>Each odd body of each type, and each odd value in each field of a client that authenticates.</summary>
    private static IEnumerable<string> Forms(string authorization) =>
        (
            from path in PostPaths
            from body in Bodies
            from type in body.Length < 10 ? Types : [Types[0]]
            select Post(path, type, body, "")
        ).Concat(
            from path in PostPaths
            from name in Names
            from value in Values
            where path is "/connect/token" or "/connect/introspect" or "/connect/revoke"
            let grant = name is "code" or "code_verifier"
                ? "grant_type=authorization_code&code=x&redirect_uri=x"
                : "grant_type=refresh_token"
            where !grant.Contains(name + "=", StringComparison.Ordinal)
            select Post(path, Types[0], $"{grant}&{name}={value}", $"Authorization: {authorization}\r\n")
        );

    private static IEnumerable<string> WithHeaders(string valid) =>
        (from path in GetPaths from header in Headers select Get($"{path}?{valid}", header + "\r\n")).Concat(
            from path in PostPaths
            from header in Headers
            select Post(path, Types[0], valid, header + "\r\n")
        );

    private static string Get(string target, string headers) =>
        $"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n";

    private static string Post(string path, string type, string body, string headers) =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n{headers}\r\n{body}";
}
