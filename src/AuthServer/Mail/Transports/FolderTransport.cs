using Microsoft.Extensions.Options;
using MimeKit;

namespace AuthServer.Mail.Transports;

/// <summary>
/// Writes each message as an <c>.eml</c> file, for newcomers and tests. The file appears whole or not at all, and is
/// named after the message, so that it is never there twice. The files hold reset links: only our own user may read
/// them.
/// </summary>
internal sealed class FolderTransport(IOptions<MailOptions> options) : IMailTransport
{
    public TimeSpan AnswerTimeout => TimeSpan.FromMinutes(1);

    /// <summary>Makes the folder where it is missing.</summary>
    public static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(
                folder,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
        }
    }

    public async Task<Delivery> SendAsync(OutgoingMail mail, HandOver handOver, CancellationToken cancellationToken)
    {
        if (!Mailbox.TryParse(mail.To, out var to))
        {
            return new Delivery.Refused("This is not an address that mail can be sent to.");
        }

        var file = FileOf(mail);
        var part = Path.ChangeExtension(file, ".part");
        try
        {
            Make(options.Value.Folder);
            var from = options.Value.Sender();
            var message = MailMessage.From(mail, from, to, new MultipartAlternative());
            await WriteAsync(part, message, MailMessage.Format(from, to), cancellationToken);
            if (!await handOver())
            {
                File.Delete(part);
                return new Delivery.TakenBack();
            }

            File.Move(part, file, overwrite: true);
            return new Delivery.Accepted("Written to the folder.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Delivery.TryAgain($"The folder cannot be written to: {e.GetType().Name}.", Down: true);
        }
    }

    public Task<Whereabouts> AskAsync(OutgoingMail mail, CancellationToken cancellationToken) =>
        Task.FromResult(File.Exists(FileOf(mail)) ? Whereabouts.Arrived : Whereabouts.NeverArrived);

    private string FileOf(OutgoingMail mail) =>
        Path.Combine(
            options.Value.Folder,
            $"{mail.QueuedAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{mail.Kind}-{mail.Id:N}.eml"
        );

    private static async Task WriteAsync(
        string path,
        MimeMessage message,
        FormatOptions format,
        CancellationToken cancellationToken
    )
    {
        var create = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var stream = new FileStream(path, create);
        await message.WriteToAsync(format, stream, cancellationToken);
        stream.Flush(flushToDisk: true);
    }
}
