using AuthServer.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Cases;
using Recovery.Cases.Claim;
using Recovery.Cases.Release;
using Recovery.Ports;
using Xunit;

namespace TestSupport;

/// <summary>
/// A person who cannot read any address that is held of them, and fills in the form of a support case in a browser.
/// </summary>
internal sealed class Claimant(AuthServerFixture server, string? email = null) : IDisposable
{
    /// <summary>Every question page with a right answer to each of its fields.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Answers = new Dictionary<
        string,
        IReadOnlyDictionary<string, string>
    >
    {
        ["/support-case/name"] = new Dictionary<string, string> { ["GivenName"] = "Aoife", ["FamilyName"] = "O’Brien" },
        ["/support-case/username"] = new Dictionary<string, string> { ["Username"] = "o'brien4821" },
        ["/support-case/earlier-email-addresses"] = new Dictionary<string, string>
        {
            ["Emails"] = "aoife@royal.example.nhs.test\naob@college.example.test",
        },
        ["/support-case/registration-numbers"] = new Dictionary<string, string>
        {
            ["GmcNumber"] = "7654321",
            ["NmcNumber"] = "12 a 3456 e",
            ["Ntn"] = "LDN/001/123/N",
            ["CollegeNumber"] = "RCP 123",
            ["OtherNumber"] = "HCPC PH123456",
        },
        ["/support-case/last-post"] = new Dictionary<string, string>
        {
            ["Employer"] = "Royal Infirmary",
            ["Specialty"] = "Cardiology",
            ["Grade"] = "ST4",
            ["From"] = "August 2023",
            ["To"] = "2024",
            ["Supervisor"] = "Dr N. Patel",
        },
        ["/support-case/people-you-supervised"] = new Dictionary<string, string> { ["Names"] = "Sam Lee\nAna Kovač" },
        ["/support-case/anything-else"] = new Dictionary<string, string>
        {
            ["More"] = "My name was Byrne until 2022.\nAsk Dr Patel.",
        },
    };

    /// <summary>The address that they can read now.</summary>
    public string Email { get; } = email ?? $"new-{Guid.NewGuid():N}@example.test";

    public TestBrowser Browser { get; } = server.NewBrowser();

    /// <summary>Begins a form.</summary>
    /// <returns>The list of questions.</returns>
    /// <param name="query">Of the page that it begins on, such as an app's ticket.</param>
    public async Task<Page> BeginAsync(string query = "")
    {
        var start = (await Browser.GetAsync(CasePaths.Start + query)).Ok();
        var question = (await Browser.GetAsync(start.One("main a.nhsuk-button").GetAttribute("href")!)).Ok();
        return await Browser.FollowAsync(
            await Browser.SubmitAsync(question, new Dictionary<string, string> { ["Email"] = Email })
        );
    }

    /// <summary>Answers one page.</summary>
    public async Task<Page> AnswerAsync(
        string path,
        IReadOnlyDictionary<string, string> answers,
        string? button = null
    ) =>
        await Browser.FollowAsync(
            await Browser.SubmitAsync((await Browser.GetAsync(path)).Ok(), answers, button: button)
        );

    /// <summary>Answers every page in turn.</summary>
    /// <returns>The answers to be checked.</returns>
    public async Task<Page> AnswerAllAsync()
    {
        var page = await BeginAsync();
        foreach (var (path, answers) in Answers)
        {
            page = await AnswerAsync(path, answers);
        }

        return page;
    }

    /// <summary>Fills in the whole form and sends it.</summary>
    /// <returns>The link that the mail brings, as a path.</returns>
    public async Task<string> SendAsync()
    {
        var sent = await Browser.FollowAsync(await Browser.SubmitAsync(await AnswerAllAsync()));
        Assert.Equal("Check your email", sent.Heading);
        return await LinkAsync(CasePaths.Confirm);
    }

    /// <summary>Sends the form that was begun.</summary>
    /// <returns>The link that the mail brings, as a path.</returns>
    public async Task<string> SendAgainAsync()
    {
        await Browser.SubmitAsync((await Browser.GetAsync("/support-case/check-your-answers")).Ok());
        return await LinkAsync(CasePaths.Confirm);
    }

    /// <summary>Fills in the form, proves the address, and has an open case.</summary>
    /// <returns>The page that says how the case stands.</returns>
    public async Task<Page> OpenCaseAsync() =>
        (await Browser.FollowAsync(await Browser.SubmitAsync((await Browser.GetAsync(await SendAsync())).Ok()))).Ok();

    /// <returns>The link of the newest message to this person that leads to a page of cases, as a path.</returns>
    public Task<string> LinkAsync(string page) => server.PathInMailAsync(Email, page + "/");

    /// <summary>Their case, as it is stored.</summary>
    public Task<SupportCase> CaseAsync() => server.CaseOfAsync(Email);

    public void Dispose() => Browser.Dispose();
}

/// <summary>What comes by mail.</summary>
internal static class CaseMail
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>How long mail is waited for; far more than it takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>The path of the newest link of a kind that was sent to an address.</returns>
    public static async Task<string> PathInMailAsync(this AuthServerFixture server, string email, string path)
    {
        await server.MailSettledAsync();
        var mails = await server.Mailbox.AllAsync(email);
        var newest = mails.LastOrDefault(mail => mail.Links.Any(link => link.Contains(path, StringComparison.Ordinal)));
        Assert.True(
            newest is not null,
            $"{email} got no link to {path}, but: {string.Join(", ", mails.Select(mail => mail.Subject))}\n{server.Log}"
        );
        return new Uri(newest.Link(path)).AbsolutePath;
    }

    /// <summary>
    /// Waits until everything that is queued has been sent: the server's own sender may have taken it up just now.
    /// </summary>
    public static async Task MailSettledAsync(this AuthServerFixture server)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += Look)
        {
            await server.Mailbox.SendAsync();
            if (!await server.InDatabaseAsync(db => db.Outbox.AnyAsync(m => m.SettledAt == null)))
            {
                return;
            }

            await Task.Delay(Look);
        }

        Assert.Fail($"Mail was not sent.\n{server.Log}");
    }
}

/// <summary>What staff do with a case, without their pages.</summary>
internal static class CaseSteps
{
    /// <summary>The case of whoever gave this address, as it is stored.</summary>
    public static Task<SupportCase> CaseOfAsync(this AuthServerFixture server, string email) =>
        server.InDatabaseAsync(db => db.SupportCases.AsNoTracking().SingleAsync(c => c.NewEmail == email));

    /// <summary>Asks the person something.</summary>
    /// <returns>The path of the link to answer with.</returns>
    public static Task<string> AskAsync(this AuthServerFixture server, Guid caseId, string question) =>
        server.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<IRecoveryDb>();
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db
                .SupportCases.Where(c => c.Id == caseId)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.State, CaseState.MoreWanted));
            var link = await services.GetRequiredService<IAnswerLinks>().NewAsync(caseId, CancellationToken.None);
            db.AddEntry(caseId, CaseEntryKind.Question, server.Now, text: question);
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
            return new Uri(link.Address).AbsolutePath;
        });

    /// <summary>Approves for an account, so that the waiting time begins.</summary>
    public static Task<DateTimeOffset> ApproveAsync(
        this AuthServerFixture server,
        Guid caseId,
        Guid accountId,
        Guid? approver = null
    ) =>
        server.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<IRecoveryDb>();
            var now = server.Now;
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db
                .SupportCases.Where(c => c.Id == caseId)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(c => c.State, CaseState.Approved)
                        .SetProperty(c => c.AccountId, accountId)
                        .SetProperty(c => c.ApprovedBy, approver)
                        .SetProperty(c => c.ApprovedAt, now)
                );
            var releaseAt = await services
                .GetRequiredService<IWaitingTime>()
                .BeginAsync(caseId, CancellationToken.None);
            await transaction.CommitAsync();
            return releaseAt;
        });

    /// <summary>
    /// A person whose case was approved, and the account that it is about: with the address <paramref name="held"/>,
    /// and two from before.
    /// </summary>
    public static async Task<(Claimant Person, GivenAccount Account)> ApprovedCaseAsync(
        this AuthServerFixture server,
        Guid? approver = null,
        string? held = "held@example.test",
        string? username = null
    )
    {
        var account = await server.Given.AccountAsync(
            username,
            account => (account.Email, account.EmailVerified) = (held, held is not null)
        );
        await server.InDatabaseAsync(db =>
        {
            foreach (
                var email in new[] { "first@royal.example.test", "second@college.example.test", held }.OfType<string>()
            )
            {
                db.PreviousEmails.Add(
                    new PreviousEmail
                    {
                        AccountId = account.Id,
                        Normalized = email,
                        Email = email,
                        RecordedAt = server.Now,
                    }
                );
            }

            return db.SaveChangesAsync();
        });
        var person = new Claimant(server);
        await person.OpenCaseAsync();
        await server.ApproveAsync((await person.CaseAsync()).Id, account.Id, approver);
        return (person, account);
    }

    /// <summary>
    /// Puts a case that was decided on the desk again, as no page ever does, to look at another end of it.
    /// </summary>
    public static Task<int> ReopenAsync(this AuthServerFixture server, Guid caseId) =>
        server.InDatabaseAsync(db =>
            db.SupportCases.Where(c => c.Id == caseId)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(c => c.State, CaseState.Open)
                        .SetProperty(c => c.ReleaseAt, (DateTimeOffset?)null)
                        .SetProperty(c => c.AlarmAt, (DateTimeOffset?)null)
                        .SetProperty(c => c.ClosedAt, (DateTimeOffset?)null)
                )
        );

    /// <summary>
    /// Runs the job that releases what is due. The server's own may have been faster: look at the case, not at the
    /// number.
    /// </summary>
    public static Task ReleaseDueAsync(this AuthServerFixture server) =>
        server.Services.GetRequiredService<ReleaseDueCases>().RunAsync(CancellationToken.None);

    /// <summary>Runs the job that closes what nobody came back to. The server's own may have been faster.</summary>
    public static Task LapseAsync(this AuthServerFixture server) =>
        server.InScopeAsync(services => services.GetRequiredService<LapseCases>().RunAsync(CancellationToken.None));
}
