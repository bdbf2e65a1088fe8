using Microsoft.Extensions.Options;
using MimeKit;

namespace AuthServer.Mail;

/// <summary>What is in the mail folder, for the mailbox page.</summary>
internal sealed class MailFolder(IOptions<MailOptions> options)
{
    /// <summary>False: mail goes elsewhere, and there is nothing to show.</summary>
    public bool IsUsed => options.Value.Transport == "Folder";

    /// <summary>The newest first.</summary>
    public IReadOnlyList<KeptMail> List(int most)
    {
        if (!Directory.Exists(options.Value.Folder))
        {
            return [];
        }

        return
        [
            .. Directory
                .EnumerateFiles(options.Value.Folder, "*.eml")
                .Select(Path.GetFileNameWithoutExtension)
                .OfType<string>()
                .OrderDescending(StringComparer.Ordinal)
                .Take(most)
                .Select(Find)
                .OfType<KeptMail>(),
        ];
    }

    /// <returns>The message, or null when there is none of that name.</returns>
    public KeptMail? Find(string name)
    {
        var file = Path.Combine(options.Value.Folder, name + ".eml");
        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-') || !File.Exists(file))
        {
            return null;
        }

        try
        {
            return new KeptMail(name, MimeMessage.Load(file));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return null; // this program did not write it
        }
    }
}

/// <param name="Name">The file's, without its ending.</param>
internal sealed record KeptMail(string Name, MimeMessage Mail)
{
    public string From => string.Join(", ", Mail.From.Mailboxes.Select(mailbox => mailbox.Shown()));

    public string To => string.Join(", ", Mail.To.Mailboxes.Select(mailbox => mailbox.Shown()));

    /// <summary>Lines end in <c>\n</c>.</summary>
    public string Text => (Mail.TextBody ?? "").ReplaceLineEndings("\n");

    public string Html => Mail.HtmlBody ?? "";
}
