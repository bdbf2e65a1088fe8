using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Accounts;
using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Protocol.Authorize;

/// <summary>
/// An authorization request put aside while pages are shown. Pages read the client's id and the hints, and hand the
/// sealed form back to the authorization endpoint; what they decided travels in it.
/// </summary>
/// <param name="Parameters">The request's parameters as they came, for the endpoint to read again.</param>
/// <param name="AskedAt">When it first arrived: it may be answered for an hour.</param>
/// <param name="ClientId">Which app it is about.</param>
/// <param name="LoginHint">Fills in the username (OIDC Core §3.1.2.1).</param>
public sealed record AuthorizeTicket(
    IReadOnlyDictionary<string, string> Parameters,
    DateTimeOffset AskedAt,
    string ClientId,
    string? LoginHint
)
{
    /// <summary>Set when the person agreed on the consent page: in which session, and to which scopes.</summary>
    public AgreedConsent? Agreed { get; init; }

    /// <summary>Set when the user denied the request.</summary>
    public bool Declined { get; init; }

    /// <summary>
    /// The session that the browser had when the request first arrived. Null: that has not been looked at yet.
    /// </summary>
    public EarlierSession? Earlier { get; init; }

    /// <summary>
    /// The token row of a pushed request (RFC 9126), which ends when the code is made. Null when it was not pushed.
    /// </summary>
    public string? PushedRequest { get; init; }

    /// <summary>Every value of <c>resource</c> (RFC 8707), which may appear more than once.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <returns>
    /// True when the person had logged in before the request came; every log-in makes another session.
    /// </returns>
    public bool CameWith(LiveSession session) => Earlier is null || Earlier == EarlierSession.Of(session);
}

/// <summary>
/// Tells a session from every other without saying its id, so that "before" and "after" need no clock.
/// </summary>
/// <param name="Mark">Null: there was no session.</param>
public sealed record EarlierSession(string? Mark)
{
    public static EarlierSession Of(LiveSession? session) =>
        new(session is null ? null : Base64Url.EncodeToString(SHA256.HashData(session.Id.ToByteArray()).AsSpan(0, 12)));
}

/// <param name="Sid">The session in which it was given; another person's log-in does not inherit it.</param>
/// <param name="Scopes">Space separated.</param>
public sealed record AgreedConsent(string Sid, string Scopes);

/// <summary>What a sealed ticket turned out to be.</summary>
/// <param name="Ticket">The request; also given when expired, so that the page can name the app and lead back to
/// it.</param>
/// <param name="Expired">True: it may be read, and no longer be used.</param>
public sealed record OpenedTicket(AuthorizeTicket Ticket, bool Expired);

/// <summary>Seals and opens tickets with data protection. Nothing is stored.</summary>
internal sealed class AuthorizeTickets(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>How long a person may take over the pages.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Where pages send the person when they are done: the only way on.</summary>
    public static string ReturnPath(string sealedTicket) => ProtocolPaths.Authorize + "?ticket=" + sealedTicket;

    private readonly IDataProtector _protector = protection.CreateProtector("AuthServer.AuthorizeTicket.v1");

    /// <returns>The ticket as URL-safe text.</returns>
    public string Seal(AuthorizeTicket ticket)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest))
        {
            JsonSerializer.Serialize(deflate, ticket, JsonSerializerOptions.Default);
        }

        return Base64Url.EncodeToString(_protector.Protect(packed.ToArray()));
    }

    /// <returns>The ticket, or null when it was not sealed here.</returns>
    public OpenedTicket? Open(string? sealedTicket)
    {
        if (sealedTicket is not { Length: > 0 })
        {
            return null;
        }

        try
        {
            using var packed = new MemoryStream(_protector.Unprotect(Base64Url.DecodeFromChars(sealedTicket)));
            using var deflate = new DeflateStream(packed, CompressionMode.Decompress);
            return JsonSerializer.Deserialize<AuthorizeTicket>(deflate, JsonSerializerOptions.Default) is { } ticket
                ? new OpenedTicket(ticket, IsExpired(ticket))
                : null;
        }
        catch (Exception e)
            when (e is CryptographicException or FormatException or JsonException or InvalidDataException
                && !DatabaseOutage.Caused(e)
            )
        {
            return null;
        }
    }

    // One that is dated further ahead than clocks may be apart was dated by a clock that was wrong.
    private bool IsExpired(AuthorizeTicket ticket) =>
        clock.GetUtcNow() - ticket.AskedAt is var age && (age >= Lifetime || age < -Clocks.MostApart);
}
