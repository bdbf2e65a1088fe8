using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OpenIddictPeer;

/// <summary>A form and a session cookie. Checks no password and is not measured.</summary>
internal static class LogInPage
{
    public const string Path = "/log-in";

    public static void Map(WebApplication app)
    {
        app.MapGet(
            Path,
            (string returnUrl) =>
                Results.Content(
                    $"""
                    <!doctype html>
                    <form method="post" action="{Path}">
                      <input type="hidden" name="ReturnUrl" value="{WebUtility.HtmlEncode(returnUrl)}">
                      <input name="Username"><input type="password" name="Password"><button>Log in</button>
                    </form>
                    """,
                    "text/html"
                )
        );
        app.MapPost(Path, LogInAsync);
    }

    private static async Task<IResult> LogInAsync(HttpContext http, PeerDbContext db)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var username = form["Username"].ToString();
        var person = await db.People.FirstOrDefaultAsync(person => person.Username == username, http.RequestAborted);
        if (person is null)
        {
            return Results.BadRequest();
        }

        var identity = new ClaimsIdentity(
            [new Claim(Claims.Subject, person.Id)],
            CookieAuthenticationDefaults.AuthenticationScheme
        );
        await http.SignInAsync(new ClaimsPrincipal(identity));
        return Results.LocalRedirect(form["ReturnUrl"].ToString());
    }
}
