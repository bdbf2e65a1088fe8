using AuthServer.Clients;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Pages;

/// <summary>What pages show of an app: its name, and those of its addresses that a browser may be sent to.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="LogoPath">Where its picture is here (<see cref="AppLogos"/>), or null when it has registered
/// none.</param>
/// <param name="PolicyUri">Its privacy policy.</param>
/// <param name="TermsUri">Its terms of use.</param>
/// <param name="WayBack">Where the person starts again when a journey has ended here, or null when nothing is
/// registered.</param>
internal sealed record AppView(string Name, string? LogoPath, Uri? PolicyUri, Uri? TermsUri, Uri? WayBack);

/// <summary>Finds apps for pages.</summary>
internal sealed class AppViews(ClientDirectory clients, IOptions<ProtocolOptions> options)
{
    /// <returns>The app, or null when it is not registered (any more).</returns>
    public async Task<AppView?> FindAsync(string clientId, CancellationToken cancellationToken) =>
        await clients.FindAsync(clientId, cancellationToken) is { } client ? View(client) : null;

    /// <returns>The apps that people log in to and that have said where they are, by name.</returns>
    public async Task<IReadOnlyList<AppView>> AllAsync(CancellationToken cancellationToken) =>
        [
            .. (await clients.AllAsync(cancellationToken))
                .Where(client => client.Metadata.RedirectUris.Count > 0)
                .Select(View)
                .Where(app => app.WayBack is not null)
                .OrderBy(app => app.Name, StringComparer.OrdinalIgnoreCase),
        ];

    // Whatever is registered: a browser is never handed another scheme, such as javascript.
    internal static Uri? Web(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            ? uri
            : null;

    private AppView View(RegisteredClient client) =>
        new(
            client.DisplayName,
            Web(client.Metadata.LogoUri) is null ? null : $"{Links.AppLogo}/{Uri.EscapeDataString(client.ClientId)}",
            Web(client.Metadata.PolicyUri),
            Web(client.Metadata.TosUri),
            WithIssuer(Web(client.Metadata.InitiateLoginUri)) ?? Web(client.Metadata.ClientUri)
        );

    // OIDC Core §4: the app is told which server the log-in is to be started with.
    private Uri? WithIssuer(Uri? uri)
    {
        if (uri is null)
        {
            return null;
        }

        var issuer = "iss=" + Uri.EscapeDataString(options.Value.Issuer);
        return new UriBuilder(uri) { Query = uri.Query.Length > 1 ? $"{uri.Query}&{issuer}" : issuer }.Uri;
    }
}
