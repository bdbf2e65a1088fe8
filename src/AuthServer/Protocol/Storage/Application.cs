using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Protocol.Storage;

/// <summary>
/// A relying party as OpenIddict stores it. What OpenIddict has no column for is in <c>Properties</c>, written by
/// <c>ClientDescriptors</c> alone; earlier secrets that still work are rows of <c>ClientSecret</c>.
/// </summary>
public sealed class Application : OpenIddictEntityFrameworkCoreApplication<Guid, Authorization, Token>
{
    /// <summary>When it was registered.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When its metadata last changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }
}
