using System.Collections.Immutable;
using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Protocol.Storage;

/// <summary>
/// A relying party as OpenIddict stores it. What OpenIddict has no column for is in <c>Properties</c>, written by
/// <c>ClientDescriptors</c> alone. Secrets are rows of <c>ClientSecret</c>, so <c>ClientSecret</c> here is always null.
/// </summary>
public sealed class Application : OpenIddictEntityFrameworkCoreApplication<Guid, Authorization, Token>
{
    /// <summary>When it was registered.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When its metadata last changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Parsed JSON columns, when this came from <c>ClientDirectory</c>'s memory. Not stored.</summary>
    internal ParsedColumns? Parsed { get; init; }

    /// <summary>
    /// The same row as another object, which its holder may change and hand to a context. Navigations stay behind: a
    /// context fills them, and must not fill those of an object that every request reads.
    /// </summary>
    internal Application Copy(ParsedColumns? parsed = null) =>
        new()
        {
            Id = Id,
            ApplicationType = ApplicationType,
            ClientId = ClientId,
            ClientSecret = ClientSecret,
            ClientType = ClientType,
            ConcurrencyToken = ConcurrencyToken,
            ConsentType = ConsentType,
            DisplayName = DisplayName,
            DisplayNames = DisplayNames,
            JsonWebKeySet = JsonWebKeySet,
            Permissions = Permissions,
            PostLogoutRedirectUris = PostLogoutRedirectUris,
            Properties = Properties,
            RedirectUris = RedirectUris,
            Requirements = Requirements,
            Settings = Settings,
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
            Parsed = parsed ?? Parsed,
        };
}

/// <summary>
/// JSON columns of an application, parsed once. Each value belongs to the very text it was parsed from: a column that
/// has been assigned since is read anew.
/// </summary>
internal sealed record ParsedColumns(
    string? PermissionsText,
    IReadOnlySet<string> Permissions,
    string? RequirementsText,
    IReadOnlySet<string> Requirements,
    string? SettingsText,
    ImmutableDictionary<string, string> Settings
);
