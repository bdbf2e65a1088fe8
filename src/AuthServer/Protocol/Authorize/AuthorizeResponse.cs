using System.Text;
using System.Text.Encodings.Web;

namespace AuthServer.Protocol.Authorize;

/// <summary>
/// Writes the answer to a proved return address: in the query or by form_post, with <c>state</c> as it came and
/// <c>iss</c> (RFC 6749 §4.1.2, RFC 9207 §2), and nothing else.
/// </summary>
internal static class AuthorizeResponse
{
    /// <summary>The script that posts the form. A file of its own, because no page here has inline script.</summary>
    public const string ScriptPath = "/connect/form-post.js";

    public const string Script = "document.forms[0].submit();\n";

    public static Task CodeAsync(HttpContext http, ReturnAddress address, string issuer, string code) =>
        WriteAsync(http, address, [("code", code), ("state", address.State), ("iss", issuer)]);

    public static Task ErrorAsync(HttpContext http, ReturnAddress address, string issuer, ProtocolError error) =>
        WriteAsync(
            http,
            address,
            [("error", error.Code), ("error_description", error.Description), ("state", address.State), ("iss", issuer)]
        );

    private static Task WriteAsync(HttpContext http, ReturnAddress address, (string Name, string? Value)[] parameters)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Pragma = "no-cache";
        if (address.FormPost)
        {
            return WriteFormAsync(http.Response, address.Uri, parameters);
        }

        // 303, so that a browser that came by POST goes on by GET and never resends what was posted (RFC 9700 §4.12).
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = WithQuery(address.Uri, parameters);
        return Task.CompletedTask;
    }

    /// <summary>Query parameters that the registered URI has already are kept (RFC 6749 §3.1.2).</summary>
    private static string WithQuery(string uri, (string Name, string? Value)[] parameters)
    {
        var location = new StringBuilder(uri);
        var separator = uri.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                location.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }

        return location.ToString();
    }

    /// <summary>OAuth 2.0 Form Post Response Mode §2. Without JavaScript the person presses the button.</summary>
    private static Task WriteFormAsync(HttpResponse response, string uri, (string Name, string? Value)[] parameters)
    {
        var html = HtmlEncoder.Default;
        var page = new StringBuilder(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Going back to the app</title></head>\n<body><form method=\"post\" action=\""
        )
            .Append(html.Encode(uri))
            .Append("\">\n");
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                page.Append("<input type=\"hidden\" name=\"")
                    .Append(name)
                    .Append("\" value=\"")
                    .Append(html.Encode(value))
                    .Append("\">\n");
            }
        }

        page.Append(
                "<noscript><p>Scripts are off in this browser, so one more step is needed.</p><button type=\"submit\">Continue</button></noscript>\n"
            )
            .Append("</form><script src=\"")
            .Append(ScriptPath)
            .Append("\"></script></body></html>\n");
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/html; charset=utf-8";

        // form-action is left out on purpose: the form's target is the app, and browsers also apply it to the app's
        // redirects.
        response.Headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'";
        return response.WriteAsync(page.ToString());
    }
}
