using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OpenIddictPeer;

/// <summary>
/// The Userinfo action of the samples: an access token of this server, then the person from the database.
/// </summary>
internal static class UserInfoEndpoint
{
    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static void Map(WebApplication app) =>
        app.MapMethods("/connect/userinfo", [HttpMethods.Get, HttpMethods.Post], HandleAsync)
            .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = Scheme });

    private static async Task<IResult> HandleAsync(ClaimsPrincipal user, PeerDbContext db)
    {
        var subject = user.GetClaim(Claims.Subject);
        if (await db.People.FirstOrDefaultAsync(person => person.Id == subject) is not { } person)
        {
            return Results.Challenge(
                new AuthenticationProperties(
                    new Dictionary<string, string?>
                    {
                        [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.InvalidToken,
                        [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] =
                            "The account no longer exists.",
                    }
                ),
                [Scheme]
            );
        }

        var claims = new Dictionary<string, object>(StringComparer.Ordinal) { [Claims.Subject] = person.Id };
        if (user.HasScope(Scopes.Profile))
        {
            claims[Claims.Name] = person.Name;
            claims[Claims.PreferredUsername] = person.Username;
        }

        if (user.HasScope(Scopes.Email))
        {
            claims[Claims.Email] = person.Email;
            claims[Claims.EmailVerified] = true;
        }

        return Results.Ok(claims);
    }
}
