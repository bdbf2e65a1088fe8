using AuthServer.Protocol.Authorize;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace TestSupport;

/// <summary>The way through the consent page, without the page.</summary>
internal static class ConsentSteps
{
    /// <summary>The sealed ticket that the request was put aside in, on its way to a page.</summary>
    public static string TicketFor(this Page page, string path)
    {
        Assert.True(page.Location?.AbsolutePath == path, $"Not sent to {path} but {page}");
        return Query.Read(page.Location!)["ticket"];
    }

    /// <summary>The ticket as the consent page gives it back when the person agreed.</summary>
    public static async Task<string> AgreedAsync(
        this AuthServerFixture server,
        string ticket,
        GivenAccount by,
        string scopes
    )
    {
        var tickets = server.Services.GetRequiredService<AuthorizeTickets>();
        var open = tickets.Open(ticket)!.Ticket;
        return tickets.Seal(open with { Agreed = new AgreedConsent(await server.SidAsync(by), scopes) });
    }

    /// <summary>The <c>sid</c> of the person's session that is alive.</summary>
    public static Task<string> SidAsync(this AuthServerFixture server, GivenAccount account) =>
        server.InDatabaseAsync(db =>
            db.Sessions.Where(session => session.AccountId == account.Id && session.EndedAt == null)
                .Select(session => session.Sid)
                .SingleAsync()
        );

    /// <summary>Signs in with offline access: through the consent page, as OIDC Core §11 wants it.</summary>
    public static async Task<Tokens> SignInOfflineAsync(
        this AuthServerFixture server,
        RelyingParty app,
        TestBrowser browser,
        GivenAccount account,
        string scope = "openid offline_access"
    )
    {
        var attempt = app.Authorize(scope, new Dictionary<string, string?> { ["prompt"] = "consent" });
        var ticket = (await browser.GetAsync(attempt.Url)).TicketFor("/consent");
        var back = await browser.GetAsync(
            AuthorizeTickets.ReturnPath(await server.AgreedAsync(ticket, account, scope))
        );
        return await app.RedeemedAsync(app.Callback(back, attempt)["code"], attempt);
    }
}
