using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;

namespace AuthServer.Protocol;

/// <summary>
/// The parameters of one request, read once: names are case-sensitive, empty values count as left out, unknown ones are
/// kept and ignored, and none may appear twice (RFC 6749 §3.1, §3.2) but <c>resource</c> (RFC 8707 §2).
/// </summary>
public sealed class Parameters
{
    private const string MayBeRepeated = "resource";

    /// <summary>Parameters of one request at most: far more than any standard has.</summary>
    private const int MostParameters = 200;

    private readonly Dictionary<string, string> _values;
    private readonly List<string> _repeated;

    private Parameters(Dictionary<string, string> values, List<string> repeated, IReadOnlyList<string> resources) =>
        (_values, _repeated, Resources) = (values, repeated, resources);

    /// <summary>
    /// The first parameter that appeared more than once, or null. Its first value is kept, for error responses only.
    /// </summary>
    public string? Repeated => _repeated is [var first, ..] ? first : null;

    /// <summary>All of them.</summary>
    public IReadOnlyDictionary<string, string> All => _values;

    /// <summary>Every value of <c>resource</c> (RFC 8707 §2).</summary>
    public IReadOnlyList<string> Resources { get; }

    /// <returns>The value, or null when the parameter was left out or empty.</returns>
    public string? this[string name] => _values.GetValueOrDefault(name);

    public bool IsRepeated(string name) => _repeated.Contains(name);

    /// <summary>The same for OpenIddict.</summary>
    public OpenIddictRequest ToOpenIddict()
    {
        var request = new OpenIddictRequest();
        foreach (var (name, value) in _values)
        {
            request.AddParameter(name, value);
        }

        if (Resources.Count > 1)
        {
            request.SetParameter(MayBeRepeated, new OpenIddictParameter([.. Resources]));
        }

        return request;
    }

    public static Parameters Of(IReadOnlyDictionary<string, string> values, IReadOnlyList<string>? resources = null) =>
        new(new Dictionary<string, string>(values, StringComparer.Ordinal), [], resources ?? Resource(values));

    /// <summary>Reads the query. Not the framework's collection, which ignores the case of names.</summary>
    /// <returns>The parameters, or <c>invalid_request</c> when there are too many.</returns>
    public static Result<Parameters> ReadQuery(HttpRequest request) => Parse(request.QueryString.Value);

    /// <summary>Reads a POST form (RFC 6749 §3.2, appendix B).</summary>
    /// <returns>
    /// The parameters, or <c>invalid_request</c> when the body is no form, is broken, or repeats a parameter.
    /// </returns>
    public static async ValueTask<Result<Parameters>> ReadFormAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        var result = await ReadFormWithRepeatsAsync(request, cancellationToken);
        return result.TryGet(out var parameters, out _) && parameters.Repeated is { } repeated
            ? ProtocolError.Repeated(Printable(repeated))
            : result;
    }

    /// <summary>
    /// The same, for callers that have to look at the rest of the request before they can say that one is repeated.
    /// </summary>
    public static async ValueTask<Result<Parameters>> ReadFormWithRepeatsAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!IsForm(request) || !request.HasFormContentType) // the second also refuses a type with broken parameters
        {
            return ProtocolError.InvalidRequest("The body must be application/x-www-form-urlencoded.");
        }

        try
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            while (!read.IsCompleted)
            {
                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                read = await request.BodyReader.ReadAsync(cancellationToken);
            }

            var form = Encoding.UTF8.GetString(read.Buffer);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            return Parse(form);
        }
        catch (BadHttpRequestException unreadable)
        {
            // Larger than a body may be, or broken off.
            return ProtocolError.InvalidRequest("The form cannot be read: it is too large, or not complete.") with
            {
                Status = unreadable.StatusCode,
            };
        }
    }

    public bool TryGet(string name, [NotNullWhen(true)] out string? value) => _values.TryGetValue(name, out value);

    /// <summary>
    /// The name of a parameter as an error may say it: printable ASCII without <c>"</c> and <c>\</c> (RFC 6749 §5.2).
    /// </summary>
    public static string Printable(string name) =>
        name.Length <= 50 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
            ? name
            : "(one with an odd name)";

    /// <summary>Reads a query or a form as it is encoded (RFC 6749 appendix B).</summary>
    /// <returns>The parameters, or <c>invalid_request</c> when there are too many or they are not text.</returns>
    public static Result<Parameters> Parse(string? text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        List<string> repeated = [],
            resources = [],
            empty = [];
        foreach (var pair in new QueryStringEnumerable(text))
        {
            var (name, value) = (pair.DecodeName().ToString(), pair.DecodeValue().ToString());
            if (name.Length == 0)
            {
                continue; // a stray "&" or "="
            }

            if (name.Contains('\0', StringComparison.Ordinal) || value.Contains('\0', StringComparison.Ordinal))
            {
                return ProtocolError.InvalidRequest("The parameters cannot be read: they are not text.");
            }

            if (values.Count == MostParameters)
            {
                return ProtocolError.InvalidRequest("The request has too many parameters.");
            }

            if (value.Length == 0)
            {
                empty.Add(name);
            }
            else if (name == MayBeRepeated)
            {
                resources.Add(value);
            }

            if (!values.TryAdd(name, value) && name != MayBeRepeated)
            {
                repeated.Add(name);
            }
        }

        foreach (var name in empty.Where(name => values.TryGetValue(name, out var value) && value.Length == 0))
        {
            values.Remove(name);
        }

        return new Parameters(values, repeated, resources);
    }

    private static IReadOnlyList<string> Resource(IReadOnlyDictionary<string, string> values) =>
        values.TryGetValue(MayBeRepeated, out var one) ? [one] : [];

    private static bool IsForm(HttpRequest request) =>
        request.ContentType is { } type
        && type.AsSpan(0, type.IndexOf(';', StringComparison.Ordinal) is var end and >= 0 ? end : type.Length)
            .Trim()
            .Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
}
