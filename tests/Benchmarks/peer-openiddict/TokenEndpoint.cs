using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OpenIddictPeer;

/// <summary>
/// The Exchange action of the samples: Velusia and Balosar for people, Aridka for client credentials.
/// </summary>
internal static class TokenEndpoint
{
    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static void Map(WebApplication app) => app.MapPost("/connect/token", HandleAsync);

    private static async Task<IResult> HandleAsync(
        HttpContext http,
        PeerDbContext db,
        IOpenIddictApplicationManager applications,
        IOpenIddictScopeManager scopes
    )
    {
        var request =
            http.GetOpenIddictServerRequest()
            ?? throw new InvalidOperationException("The OpenID Connect request cannot be retrieved.");
        return request.IsClientCredentialsGrantType()
            ? await ForClientAsync(request, applications, scopes)
            : await ForPersonAsync(http, db);
    }

    private static async Task<IResult> ForClientAsync(
        OpenIddictRequest request,
        IOpenIddictApplicationManager applications,
        IOpenIddictScopeManager scopes
    )
    {
        var application =
            await applications.FindByClientIdAsync(request.ClientId ?? "")
            ?? throw new InvalidOperationException("The application details cannot be found in the database.");
        var identity = PersonClaims
            .NewIdentity([])
            .SetClaim(Claims.Subject, await applications.GetClientIdAsync(application))
            .SetClaim(Claims.Name, await applications.GetDisplayNameAsync(application));
        identity.SetScopes(request.GetScopes());
        identity.SetResources(await scopes.ListResourcesAsync(identity.GetScopes()).ToListAsync());
        identity.SetDestinations(_ => [Destinations.AccessToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), properties: null, Scheme);
    }

    // An authorization code or a refresh token: does the person still exist?
    private static async Task<IResult> ForPersonAsync(HttpContext http, PeerDbContext db)
    {
        var result = await http.AuthenticateAsync(Scheme);
        var subject = result.Principal?.GetClaim(Claims.Subject);
        var person = await db.People.FirstOrDefaultAsync(person => person.Id == subject);
        if (result.Principal is null || person is null)
        {
            return Results.Forbid(
                new AuthenticationProperties(
                    new Dictionary<string, string?>
                    {
                        [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.InvalidGrant,
                        [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] =
                            "The token is no longer valid.",
                    }
                ),
                [Scheme]
            );
        }

        var identity = PersonClaims.IdentityOf(person, result.Principal.Claims);
        identity.SetDestinations(PersonClaims.DestinationsOf);
        return Results.SignIn(new ClaimsPrincipal(identity), properties: null, Scheme);
    }
}
