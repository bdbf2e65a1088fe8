using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using MimeKit;

namespace AuthServer.Mail;

/// <summary>
/// Which addresses mail can be sent to and from: those that need no quoting, so that nothing in them can end a line or
/// an address.
/// </summary>
internal static class Mailbox
{
    /// <summary>Octets of an address in an SMTP path (RFC 5321 §4.5.3.1.3, without the brackets).</summary>
    private const int Longest = 254;

    /// <summary>RFC 5321 §4.5.3.1.1.</summary>
    private const int LongestLocalPart = 64;

    private static readonly ParserOptions Options = new() { AllowAddressesWithoutDomain = false };

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>
    /// Reads <c>Name &lt;local@domain&gt;</c> or <c>local@domain</c> (RFC 5322 §3.4). Quoted local parts, literal
    /// addresses, source routes and comments in the address are refused.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out MailboxAddress? mailbox)
    {
        mailbox = null;
        if (
            !MailboxAddress.TryParse(Options, text, out var parsed)
            || parsed.Route.Count > 0
            || !IsAlone(text, parsed)
            || parsed.LocalPart is not { Length: > 0 and <= LongestLocalPart } local
            || !local.All(IsAllowed)
            || AsciiDomain(parsed.Domain) is not { } domain
            || local.Length + 1 + domain.Length > Longest
        )
        {
            return false;
        }

        var name = string.IsNullOrEmpty(parsed.Name) ? null : parsed.Name;
        mailbox = new MailboxAddress(Encoding.UTF8, name, $"{local}@{domain}");
        return true;
    }

    /// <summary>True when the mail server has to know SMTPUTF8 (RFC 6531); a domain has an ASCII form instead.</summary>
    public static bool NeedsUtf8(this MailboxAddress mailbox) => !Ascii.IsValid(mailbox.LocalPart);

    /// <summary>The address as it is sent: the domain in ASCII (RFC 5891).</summary>
    public static string Wire(this MailboxAddress mailbox) => mailbox.GetAddress(idnEncode: true);

    /// <summary>The domain in ASCII.</summary>
    public static string WireDomain(this MailboxAddress mailbox) => Idn.GetAscii(mailbox.Domain);

    /// <summary>Name and address as people read them.</summary>
    public static string Shown(this MailboxAddress mailbox) =>
        string.IsNullOrEmpty(mailbox.Name) ? mailbox.Wire() : $"{mailbox.Name} <{mailbox.Wire()}>";

    private static bool IsAlone(string text, MailboxAddress parsed) =>
        text.TrimEnd().EndsWith('>') || !text.AsSpan().ContainsAny('(', ')');

    private static bool IsAllowed(char c) =>
        c <= '~'
            ? c != '"'
            : char.GetUnicodeCategory(c)
                is not (
                    UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.Surrogate
                    or UnicodeCategory.PrivateUse
                    or UnicodeCategory.OtherNotAssigned
                    or UnicodeCategory.SpaceSeparator
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                );

    private static string? AsciiDomain(string domain)
    {
        try
        {
            return Idn.GetAscii(domain).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
