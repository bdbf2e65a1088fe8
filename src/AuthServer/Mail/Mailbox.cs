using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AuthServer.Mail;

/// <summary>
/// A name and an address that can stand in a message and in an SMTP command: nothing in it ends a line or an address.
/// </summary>
/// <param name="Name">What to call the person or service, or null.</param>
/// <param name="Local">The part before the @, as typed.</param>
/// <param name="Domain">The part after it, in ASCII (RFC 5891).</param>
internal sealed record Mailbox(string? Name, string Local, string Domain)
{
    /// <summary>Octets of an address in an SMTP path (RFC 5321 §4.5.3.1.3, without the brackets).</summary>
    private const int Longest = 254;

    private static readonly IdnMapping Idn = new();

    public string Address => $"{Local}@{Domain}";

    /// <summary>True when the mail server has to know SMTPUTF8 (RFC 6531) to take it.</summary>
    public bool NeedsUtf8 => Local.Any(c => c > '~');

    /// <summary>
    /// Reads <c>Name &lt;local@domain&gt;</c> or <c>local@domain</c>. Quoted local parts and literal addresses are not
    /// taken.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        text = text.Trim();
        string? name = null;
        if (text.EndsWith('>') && text.LastIndexOf('<') is >= 0 and var open)
        {
            name = text[..open].Trim().Trim('"').Trim();
            text = text[(open + 1)..^1].Trim();
        }

        var at = text.LastIndexOf('@');
        if (
            at is <= 0 or > 64
            || text.Length > Longest
            || (name?.Any(c => char.IsControl(c) || c is '<' or '>') ?? false)
            || !IsLocal(text[..at])
            || AsciiDomain(text[(at + 1)..]) is not { } domain
        )
        {
            return false;
        }

        mailbox = new Mailbox(string.IsNullOrEmpty(name) ? null : name, text[..at], domain);
        return true;
    }

    /// <summary>A dot-atom (RFC 5322 §3.2.3), with letters of any language (RFC 6532 §3.2).</summary>
    private static bool IsLocal(string local) =>
        !local.StartsWith('.')
        && !local.EndsWith('.')
        && !local.Contains("..", StringComparison.Ordinal)
        && local.All(c =>
            char.IsLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".Contains(c) || (c > '~' && IsMarkOrSymbol(c))
        );

    private static bool IsMarkOrSymbol(char c) =>
        !char.IsControl(c)
        && !char.IsWhiteSpace(c)
        && !char.IsSurrogate(c)
        && char.GetUnicodeCategory(c)
            is not (UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static string? AsciiDomain(string domain)
    {
        try
        {
            var ascii = Idn.GetAscii(domain.TrimEnd('.')).ToLowerInvariant();
            return ascii.Length is > 0 and <= 253 && ascii.Split('.').All(IsLabel) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
