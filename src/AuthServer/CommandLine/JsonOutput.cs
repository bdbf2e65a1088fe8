using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthServer.CommandLine;

/// <summary>
/// Results as people and programs read them: indented JSON, with letters and apostrophes as they are.
/// </summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Task WriteJsonAsync(this CommandRun run, JsonNode result) =>
        run.Output.WriteLineAsync(result.ToJsonString(Readable));

    /// <summary>Opens the file that an argument names and reads it as JSON.</summary>
    /// <exception cref="RefusedException">It cannot be read, or is no JSON.</exception>
    public static async Task<JsonElement> ReadJsonAsync(
        this CommandRun run,
        string path,
        CancellationToken cancellationToken
    )
    {
        using var reader = run.Open(path);
        var name = path == "-" ? "The input" : path;
        var text = await reader.ReadToEndAsync(cancellationToken);
        if (text.Contains(CommandRun.Undecodable, StringComparison.Ordinal))
        {
            throw new RefusedException($"{name} is not UTF-8: save it as UTF-8.");
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new RefusedException(
                $"{name} is not JSON: look at line {e.LineNumber + 1}, character {e.BytePositionInLine + 1}."
            );
        }
    }
}
