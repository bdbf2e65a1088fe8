using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Protocol.EndSession;

/// <summary>
/// A log-out request put aside: while a cross-site POST comes back by GET, or while the user is asked.
/// </summary>
/// <param name="ClientId">The app that asked, or null.</param>
/// <param name="ReturnUri">Proved to be registered with it, or null.</param>
/// <param name="State">To be given back with it.</param>
public sealed record EndSessionTicket(string? ClientId, string? ReturnUri, string? State)
{
    /// <summary>The request as it was posted, still to be looked at. Null once it has been.</summary>
    public IReadOnlyDictionary<string, string>? Posted { get; init; }

    /// <summary>
    /// The session that the ID token names, when it is not this browser's: it ends too if the user confirms. Or null.
    /// </summary>
    public HintedSession? Hinted { get; init; }
}

/// <param name="Sid">As the app knows it.</param>
/// <param name="AccountId">Whose it is.</param>
public sealed record HintedSession(string Sid, Guid AccountId);

/// <summary>Seals and opens log-out tickets with data protection. Nothing is stored.</summary>
internal sealed class EndSessionTickets(IDataProtectionProvider protection)
{
    /// <summary>Where the log-out page sends the browser when the session has ended.</summary>
    public static string ReturnPath(string sealedTicket) => ProtocolPaths.EndSession + "?ticket=" + sealedTicket;

    private readonly IDataProtector _protector = protection.CreateProtector("AuthServer.EndSessionTicket.v1");

    /// <summary>
    /// The address of a page of ours with the ticket in it. Of a request that is too long for an address only what says
    /// whose session ends is left, or nothing: the user can still log out, and only the way back to the app is lost.
    /// </summary>
    public string Address(string path, EndSessionTicket ticket)
    {
        EndSessionTicket[] shorter =
        [
            ticket,
            ticket with
            {
                ReturnUri = null,
                State = null,
                Posted = Only(ticket.Posted, "id_token_hint", "client_id"),
            },
            ticket with
            {
                ReturnUri = null,
                State = null,
                Posted = Only(ticket.Posted),
            },
        ];
        var addresses = shorter.Select(kept => $"{path}?ticket={Seal(kept)}");
        return addresses.FirstOrDefault(address => address.Length <= ProtocolPaths.LongestAddress) ?? path;
    }

    public string Seal(EndSessionTicket ticket) =>
        Base64Url.EncodeToString(
            _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(ticket, JsonSerializerOptions.Default))
        );

    /// <returns>The ticket, or null when it was not sealed here.</returns>
    public EndSessionTicket? Open(string? sealedTicket)
    {
        try
        {
            return sealedTicket is { Length: > 0 }
                ? JsonSerializer.Deserialize<EndSessionTicket>(
                    _protector.Unprotect(Base64Url.DecodeFromChars(sealedTicket)),
                    JsonSerializerOptions.Default
                )
                : null;
        }
        catch (Exception e)
            when (e is CryptographicException or FormatException or JsonException && !DatabaseOutage.Caused(e))
        {
            return null;
        }
    }

    private static Dictionary<string, string>? Only(
        IReadOnlyDictionary<string, string>? parameters,
        params string[] names
    ) => parameters?.Where(parameter => names.Contains(parameter.Key)).ToDictionary();
}
