using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace AuthServer.Protocol;

/// <summary>
/// The parameters of one request, read once: empty ones count as left out, unknown ones are kept and ignored, and none may be
/// there twice (RFC 6749 §3.1, §3.2) but <c>resource</c>, which we do not know (RFC 8707 §2).
/// </summary>
public sealed class Parameters
{
    private const string MayBeRepeated = "resource";

    private readonly Dictionary<string, string> _values;
    private readonly IReadOnlyList<string> _repeated;

    private Parameters(Dictionary<string, string> values, IReadOnlyList<string> repeated) => (_values, _repeated) = (values, repeated);

    /// <summary>The first parameter that was there more than once, or null. Its first value is kept, for error answers only.</summary>
    public string? Repeated => _repeated is [var first, ..] ? first : null;

    /// <summary>All of them.</summary>
    public IReadOnlyDictionary<string, string> All => _values;

    /// <returns>The value, or null when the parameter was left out or empty.</returns>
    public string? this[string name] => _values.GetValueOrDefault(name);

    public bool IsRepeated(string name) => _repeated.Contains(name);

    public static Parameters Read(IEnumerable<KeyValuePair<string, StringValues>> pairs)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        List<string> repeated = [];
        foreach (var (name, given) in pairs)
        {
            if (given.Count > 1 && name != MayBeRepeated)
            {
                repeated.Add(name);
            }

            if (given.Count > 0 && given[0] is { Length: > 0 } value)
            {
                values[name] = value;
            }
        }

        return new Parameters(values, repeated);
    }

    public static Parameters Of(IReadOnlyDictionary<string, string> values) =>
        new(new Dictionary<string, string>(values, StringComparer.Ordinal), []);

    /// <summary>Reads a POST form (RFC 6749 §3.2, appendix B).</summary>
    /// <returns>The parameters, or <c>invalid_request</c> when the body is no form, is broken, or repeats a parameter.</returns>
    public static async ValueTask<Result<Parameters>> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var result = await ReadFormWithRepeatsAsync(request, cancellationToken);
        return result.TryGet(out var parameters, out _) && parameters.Repeated is { } repeated
            ? ProtocolError.Repeated(Printable(repeated))
            : result;
    }

    /// <summary>The same, for who has to look at the rest of the request before a repeat can be told to anybody.</summary>
    public static async ValueTask<Result<Parameters>> ReadFormWithRepeatsAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!IsForm(request) || !request.HasFormContentType) // the second also refuses a type with broken parameters
        {
            return ProtocolError.InvalidRequest("The body must be application/x-www-form-urlencoded.");
        }

        try
        {
            return Read(await request.ReadFormAsync(cancellationToken));
        }
        catch (BadHttpRequestException unreadable)
        {
            // Larger than a body may be, or broken off.
            return ProtocolError.InvalidRequest("The form cannot be read: it is too large, or not complete.") with { Status = unreadable.StatusCode };
        }
        catch (InvalidDataException)
        {
            // Too many or too long fields, or a NUL.
            return ProtocolError.InvalidRequest("The form cannot be read: it is too large, or not text.");
        }
    }

    public bool TryGet(string name, [NotNullWhen(true)] out string? value) => _values.TryGetValue(name, out value);

    private static bool IsForm(HttpRequest request) =>
        request.ContentType is { } type
        && type.AsSpan(0, type.IndexOf(';', StringComparison.Ordinal) is var end and >= 0 ? end : type.Length).Trim()
            .Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    // Error descriptions are printable ASCII without " and \ (RFC 6749 §5.2), whatever the parameter was called.
    private static string Printable(string name) =>
        name.Length <= 50 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') ? name : "(one with an odd name)";
}
