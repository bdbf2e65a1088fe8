using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Protocol.Storage;

/// <summary>
/// One of two things, told apart by <c>Type</c>: a sign-in of one account to one app (<see cref="SignIn"/>, one family
/// of tokens, written by <c>Grants</c> alone), or what a user has agreed to for one app (<see cref="Consent"/>).
/// </summary>
/// <remarks>
/// The row of a sign-in is made when its authorization code is redeemed; its key is the code's single-use gate. It is
/// revoked by its <c>Status</c>, so that OpenIddict's managers see and end it like any authorization.
/// </remarks>
public sealed class Authorization : OpenIddictEntityFrameworkCoreAuthorization<Guid, Application, Token>
{
    /// <summary>
    /// The type of a sign-in. Not "ad-hoc": OpenIddict prunes ad-hoc authorizations that have no token rows, and these
    /// never have.
    /// </summary>
    public const string SignIn = "sign-in";

    /// <summary>OpenIddict's "permanent" authorization: consent that holds for later requests.</summary>
    public const string Consent = "permanent";

    /// <summary>The app.</summary>
    public Guid? ApplicationId { get; set; }

    /// <summary>
    /// Follows from <see cref="Subject"/>: the account, as the key that joins are made by. Null: no account's.
    /// </summary>
    public Guid? AccountId { get; private set; }

    /// <summary>The account's <c>sub</c>.</summary>
    public override string? Subject
    {
        get => base.Subject;
        set => (base.Subject, AccountId) = (value, AccountOf(value));
    }

    /// <summary>The session's public id (<c>sid</c>) at the time of the sign-in.</summary>
    public string? Sid { get; init; }

    /// <summary>The account's security stamp at the time: the sign-in lives while the account still has it.</summary>
    public Guid? SecurityStamp { get; init; }

    /// <summary>The request's <c>claims</c> parameter as JSON (OIDC Core §5.5), or null.</summary>
    public string? ClaimsRequest { get; init; }

    /// <summary>
    /// The APIs that the app named when it asked (RFC 8707), space separated; null when it named none.
    /// </summary>
    public string? Resources { get; init; }

    /// <summary><c>auth_time</c>.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary><c>amr</c> values, space separated.</summary>
    public string? Methods { get; init; }

    /// <summary>
    /// When nothing of this family works any more: the end of its refresh token, or of its one access token.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>True with <c>offline_access</c>: it outlives the session (OIDC Back-Channel Logout §2.7).</summary>
    public bool Offline { get; init; }

    /// <summary>SHA-256 of the refresh token that works, or null when none was issued.</summary>
    public byte[]? RefreshTokenHash { get; init; }

    /// <summary>
    /// SHA-256 of what all refresh tokens of this family begin with: only a holder of one of them can show it.
    /// </summary>
    public byte[]? RefreshFamilyHash { get; init; }

    /// <summary>How many times the refresh token has been replaced.</summary>
    public int RefreshGeneration { get; init; }

    /// <summary>
    /// SHA-256 of the one before it, which works again for the grace period after <see cref="RotatedAt"/>.
    /// </summary>
    public byte[]? PreviousRefreshTokenHash { get; init; }

    /// <summary>When the refresh token was last replaced.</summary>
    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>When it was revoked, as far as this program did it; <c>Status</c> decides.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <returns>The <c>sub</c> of an account.</returns>
    public static string SubjectOf(Guid accountId) => accountId.ToString("D");

    /// <returns>The account with this <c>sub</c>, or null when it is no account's.</returns>
    public static Guid? AccountOf(string? subject) => Guid.TryParse(subject, out var id) ? id : null;
}
