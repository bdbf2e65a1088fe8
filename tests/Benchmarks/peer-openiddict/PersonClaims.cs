using System.Security.Claims;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OpenIddictPeer;

/// <summary>The claims of a person and the tokens they go into, as in the samples.</summary>
internal static class PersonClaims
{
    public static ClaimsIdentity IdentityOf(Person person) => Set(NewIdentity([]), person);

    /// <summary>The claims of an existing token, with those of the person brought up to date.</summary>
    public static ClaimsIdentity IdentityOf(Person person, IEnumerable<Claim> claims) =>
        Set(NewIdentity(claims), person);

    public static ClaimsIdentity NewIdentity(IEnumerable<Claim> claims) =>
        new(claims, TokenValidationParameters.DefaultAuthenticationType, Claims.Name, Claims.Role);

    public static IEnumerable<string> DestinationsOf(Claim claim)
    {
        var scope = claim.Type switch
        {
            Claims.Name or Claims.PreferredUsername => Scopes.Profile,
            Claims.Email => Scopes.Email,
            _ => null,
        };
        return scope is not null && claim.Subject?.HasScope(scope) == true
            ? [Destinations.AccessToken, Destinations.IdentityToken]
            : [Destinations.AccessToken];
    }

    private static ClaimsIdentity Set(ClaimsIdentity identity, Person person) =>
        identity
            .SetClaim(Claims.Subject, person.Id)
            .SetClaim(Claims.Email, person.Email)
            .SetClaim(Claims.Name, person.Name)
            .SetClaim(Claims.PreferredUsername, person.Username);
}
