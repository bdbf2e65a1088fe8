using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Protocol.Storage;

/// <summary>
/// A scope of an API, with the audiences (<c>Resources</c>) that a token with this scope is for (RFC 8707). The scopes
/// about a person are code (<c>ClaimCatalogue</c>), because each stands for claims.
/// </summary>
public sealed class Scope : OpenIddictEntityFrameworkCoreScope<Guid>;
