using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OpenIddictPeer;

/// <summary>
/// The Authorize action of the samples (Velusia, Balosar) for clients with implicit consent: looks up the person, the
/// client and the permanent authorization, which is created at the first request.
/// </summary>
internal static class AuthorizeEndpoint
{
    public static void Map(WebApplication app) =>
        app.MapMethods("/connect/authorize", [HttpMethods.Get, HttpMethods.Post], HandleAsync);

    private static async Task<IResult> HandleAsync(
        HttpContext http,
        PeerDbContext db,
        IOpenIddictApplicationManager applications,
        IOpenIddictAuthorizationManager authorizations,
        IOpenIddictScopeManager scopes
    )
    {
        var request =
            http.GetOpenIddictServerRequest()
            ?? throw new InvalidOperationException("The OpenID Connect request cannot be retrieved.");
        var session = await http.AuthenticateAsync();
        if (!session.Succeeded)
        {
            return Results.Challenge(
                new AuthenticationProperties
                {
                    RedirectUri = http.Request.PathBase + http.Request.Path + http.Request.QueryString,
                }
            );
        }

        var subject = session.Principal.GetClaim(Claims.Subject);
        var person =
            await db.People.FirstOrDefaultAsync(person => person.Id == subject)
            ?? throw new InvalidOperationException("The user details cannot be retrieved.");
        var application =
            await applications.FindByClientIdAsync(request.ClientId ?? "")
            ?? throw new InvalidOperationException(
                "Details concerning the calling client application cannot be found."
            );
        var client =
            await applications.GetIdAsync(application)
            ?? throw new InvalidOperationException("The client has no identifier.");
        var known = await authorizations
            .FindAsync(
                subject: person.Id,
                client: client,
                status: Statuses.Valid,
                type: AuthorizationTypes.Permanent,
                scopes: request.GetScopes()
            )
            .ToListAsync();

        var identity = PersonClaims.IdentityOf(person);
        identity.SetScopes(request.GetScopes());
        identity.SetResources(await scopes.ListResourcesAsync(identity.GetScopes()).ToListAsync());

        var authorization =
            known.LastOrDefault()
            ?? await authorizations.CreateAsync(
                identity: identity,
                subject: person.Id,
                client: client,
                type: AuthorizationTypes.Permanent,
                scopes: identity.GetScopes()
            );
        identity.SetAuthorizationId(await authorizations.GetIdAsync(authorization));
        identity.SetDestinations(PersonClaims.DestinationsOf);
        return Results.SignIn(
            new ClaimsPrincipal(identity),
            properties: null,
            OpenIddictServerAspNetCoreDefaults.AuthenticationScheme
        );
    }
}
