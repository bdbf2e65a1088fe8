using System.Text.Encodings.Web;
using System.Text.Json;

namespace AuthServer.Protocol;

/// <summary>
/// Writes the JSON of protocol endpoints: never cached (RFC 6749 §5.1), and a 401 with its challenge (§5.2, RFC 9110
/// §15.5.2).
/// </summary>
internal static class JsonAnswer
{
    /// <summary>
    /// Characters as they are (o'brien, at+jwt), escaped only where JSON must be (RFC 8259 §7): these bodies are never
    /// part of a page, and some readers of tokens are simple.
    /// </summary>
    public static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync(
        HttpResponse response,
        Action<Utf8JsonWriter> body,
        int status = StatusCodes.Status200OK
    )
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
        using (var json = new Utf8JsonWriter(response.BodyWriter, Plain))
        {
            body(json);
        }

        return response.BodyWriter.FlushAsync().AsTask();
    }

    public static Task WriteErrorAsync(HttpContext http, ProtocolError error)
    {
        if (error is { Code: "invalid_client", Status: StatusCodes.Status401Unauthorized })
        {
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"client\", charset=\"UTF-8\"";
        }

        return WriteAsync(
            http.Response,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("error", error.Code);
                json.WriteString("error_description", error.Description);
                json.WriteEndObject();
            },
            error.Status
        );
    }
}
