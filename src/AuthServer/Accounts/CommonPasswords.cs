using System.Reflection;
using AuthServer.Passwords;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>
/// Passwords that many people have: the list of 30,000 inside the zxcvbn-core package, drawn from breaches, and the
/// operator's own file (<c>Passwords:RefusedFile</c>) if there is one.
/// </summary>
internal sealed class CommonPasswords(IOptions<PasswordOptions> options)
{
    private const string Package = "zxcvbn-core";
    private const string Resource = "zxcvbn-core.Dictionaries.passwords.lst";

    // Read when the first password is set, not at start.
    private readonly Lazy<HashSet<string>> _list = new(() => Read(options.Value.RefusedFile));

    /// <param name="normalized">Normalized as a password; case is ignored here.</param>
    public bool Contain(string normalized) => _list.Value.Contains(normalized.ToLowerInvariant());

    private static HashSet<string> Read(string? file)
    {
        using var packaged =
            Assembly.Load(Package).GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The package {Package} has no list {Resource}.");
        using var reader = new StreamReader(packaged);
        var lines = Lines(reader);
        if (!string.IsNullOrEmpty(file))
        {
            lines = lines.Concat(File.ReadLines(file));
        }

        return
        [
            .. lines.Select(line => TypedPassword.Normalize(line).ToLowerInvariant()).Where(line => line.Length > 0),
        ];
    }

    private static IEnumerable<string> Lines(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
