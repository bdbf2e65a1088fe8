using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Protocol.EndSession;

/// <summary>Where to go after the log-out page, put aside while the person is asked.</summary>
/// <param name="ClientId">The app that asked, or null.</param>
/// <param name="ReturnUri">Proved to be registered with it, or null.</param>
/// <param name="State">To be given back with it.</param>
public sealed record EndSessionTicket(string? ClientId, string? ReturnUri, string? State);

/// <summary>Seals and opens log-out tickets with data protection. Nothing is stored.</summary>
internal sealed class EndSessionTickets(IDataProtectionProvider protection)
{
    /// <summary>Where the log-out page sends the person when the session has ended.</summary>
    public static string ReturnPath(string sealedTicket) => EndSessionEndpoint.Path + "?ticket=" + sealedTicket;

    private readonly IDataProtector _protector = protection.CreateProtector("AuthServer.EndSessionTicket.v1");

    public string Seal(EndSessionTicket ticket) => Base64Url.EncodeToString(
        _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(ticket, JsonSerializerOptions.Default)));

    /// <returns>The ticket, or null when it was not sealed here.</returns>
    public EndSessionTicket? Open(string? sealedTicket)
    {
        try
        {
            return sealedTicket is { Length: > 0 }
                ? JsonSerializer.Deserialize<EndSessionTicket>(
                    _protector.Unprotect(Base64Url.DecodeFromChars(sealedTicket)), JsonSerializerOptions.Default)
                : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }
}
