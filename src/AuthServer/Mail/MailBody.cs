using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Mail;

/// <summary>The words of a message, rendered when it was queued: a node of another version can send it.</summary>
/// <param name="Name">The recipient's name for the <c>To</c> line, or null.</param>
/// <param name="Text">As plain text.</param>
/// <param name="Html">As HTML.</param>
internal sealed record MailBody(string? Name, string Text, string Html);

/// <summary>Seals what is written to people, because it may hold a link that lets its reader in.</summary>
internal sealed class MailSeal
{
    /// <summary>What bodies are sealed for; nothing else can be opened with it.</summary>
    public const string Purpose = "AuthServer.Outbox.v1";

    private readonly IDataProtectionProvider _protection;

    /// <summary>
    /// Reads the data-protection keys, and makes the first one if there is none: it is written by itself, and inside
    /// the transaction that a message is queued in it would wait for us on SQLite. Whoever queues mail is given this
    /// before they begin one. Later keys are made in the background.
    /// </summary>
    public MailSeal(IDataProtectionProvider protection)
    {
        _protection = protection;
        protection.CreateProtector(Purpose).Protect([]);
    }

    /// <param name="messageId">What is sealed can be opened for this message alone.</param>
    public byte[] Seal(MailBody body, string messageId) =>
        ProtectorOf(messageId).Protect(JsonSerializer.SerializeToUtf8Bytes(body));

    /// <exception cref="System.Security.Cryptography.CryptographicException">The keys are lost, or it was tampered
    /// with.</exception>
    public MailBody Open(byte[] sealedBody, string messageId) =>
        JsonSerializer.Deserialize<MailBody>(ProtectorOf(messageId).Unprotect(sealedBody))
        ?? throw new InvalidOperationException("A sealed message holds nothing.");

    private IDataProtector ProtectorOf(string messageId) => _protection.CreateProtector(Purpose, messageId);
}
