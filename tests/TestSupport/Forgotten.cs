using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Recovery.ResetLinks;
using TestSupport.Mail;
using Xunit;

namespace TestSupport;

/// <summary>What a person who has forgotten their details does, and what comes of it.</summary>
internal sealed partial class Forgotten(AuthServerFixture server)
{
    public const string NewPassword = "four green bicycles uphill";

    /// <summary>How long a test waits for what is done after the answer; far more than it takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Gives an address to the forgotten-details tool.</summary>
    /// <param name="from">The page the person comes from: its address carries the app's ticket. Null: none.</param>
    /// <returns>The page after the form.</returns>
    public async Task<Page> AskAsync(string email, string? from = null)
    {
        using var browser = server.NewBrowser();
        var form = (await browser.GetAsync(from ?? "/forgotten-login-details")).Ok();
        return await browser.FollowAsync(
            await browser.SubmitAsync(form, new Dictionary<string, string> { ["Email"] = email }, "main form")
        );
    }

    /// <summary>Gives a username instead.</summary>
    public async Task<Page> AskByUsernameAsync(string username)
    {
        using var browser = server.NewBrowser();
        var form = (await browser.GetAsync("/forgotten-login-details/username")).Ok();
        return await browser.FollowAsync(
            await browser.SubmitAsync(form, new Dictionary<string, string> { ["Username"] = username }, "main form")
        );
    }

    /// <summary>Waits until every request has been answered.</summary>
    /// <param name="step">Advances the clock by this while it waits: for what only the passing of time wakes.</param>
    public async Task AnsweredAsync(TimeSpan step = default)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += TimeSpan.FromMilliseconds(20))
        {
            if (!await server.InDatabaseAsync(db => db.RecoveryRequests.AnyAsync(r => r.DoneAt == null)))
            {
                return;
            }

            if (step > TimeSpan.Zero)
            {
                server.Clock.Advance(step);
            }

            await Task.Delay(20);
        }

        Assert.Fail($"Requests were not answered.\n{server.Log}");
    }

    /// <summary>Asks, and reads the mail that comes.</summary>
    /// <returns>The paths of the links in the newest mail, in its order.</returns>
    public async Task<IReadOnlyList<string>> LinksAsync(string email, string? from = null)
    {
        Assert.Equal("Check your email", (await AskAsync(email, from)).Heading);
        await AnsweredAsync();
        return await NewestLinksAsync(email);
    }

    /// <summary>The one link that a person who asks is sent.</summary>
    public async Task<string> LinkAsync(string email, string? from = null) =>
        Assert.Single(await LinksAsync(email, from));

    /// <summary>
    /// The links in mail to the address that still work: on a clock that stands still, nothing else tells which is
    /// newest.
    /// </summary>
    public async Task<IReadOnlyList<string>> NewestLinksAsync(string email)
    {
        var now = server.Now;
        var hashes = await server.InDatabaseAsync(db =>
            db.ResetLinks.Where(l => l.UsedAt == null && l.VoidedAt == null && l.ExpiresAt > now)
                .Select(l => l.TokenHash)
                .ToListAsync()
        );
        var live = hashes.Select(Convert.ToHexString).ToHashSet();
        var mails = await MailsAsync(email);
        return
        [
            .. mails
                .SelectMany(mail => Links().Matches(mail.Text))
                .Select(link => new Uri(link.Value).AbsolutePath)
                .Where(path =>
                    ResetToken.HashOf(path.Split('/')[^1]) is { } hash && live.Contains(Convert.ToHexString(hash))
                ),
        ];
    }

    /// <summary>Everything that was written to the address, once all of it has arrived.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> MailsAsync(string email)
    {
        if (await KindsAsync(email) is { Count: > 0 and var count })
        {
            await server.Mailbox.WaitForAsync(email, count);
        }

        return server.Mailbox.Read(email);
    }

    /// <summary>The kinds of mail that the address has been written, in alphabetical order.</summary>
    public Task<List<string>> KindsAsync(string email) =>
        server.InDatabaseAsync(db =>
            db.Outbox.Where(m => m.To == email).OrderBy(m => m.Kind).Select(m => m.Kind).ToListAsync()
        );

    /// <summary>Opens the link and chooses a password, in a browser of its own.</summary>
    /// <returns>What the form answered.</returns>
    public async Task<Page> ChooseAsync(string link, string password = NewPassword)
    {
        using var browser = server.NewBrowser();
        return await ChooseAsync(browser, link, password);
    }

    public static async Task<Page> ChooseAsync(TestBrowser browser, string link, string password = NewPassword) =>
        await browser.SubmitAsync(
            (await browser.GetAsync(link)).Ok(),
            new Dictionary<string, string> { ["NewPassword"] = password },
            "main form"
        );

    [GeneratedRegex(@"https?://\S+/reset-password/[\w-]+")]
    private static partial Regex Links();
}
