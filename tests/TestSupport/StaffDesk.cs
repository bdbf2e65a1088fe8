using AuthServer.Accounts;
using AuthServer.Data;
using AuthServer.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Cases;
using Recovery.Ports;

namespace TestSupport;

/// <summary>Cases and members of staff for tests of the desk.</summary>
internal static class StaffDesk
{
    /// <summary>A member of staff, and a browser in which they have just logged in.</summary>
    public static async Task<(GivenAccount Account, TestBrowser Browser)> OfficerAsync(
        this AuthServerFixture server,
        StaffRole role = StaffRole.Support,
        string? name = null,
        string? email = null
    )
    {
        var account = await server.Given.AccountAsync(more: a =>
        {
            (a.StaffRole, a.Name) = (role, name ?? role.ToString());
            (a.Email, a.EmailVerified) = (email, email is not null);
        });
        return (account, await server.Given.LoggedInAsync(account));
    }

    /// <summary>A case whose address has been proved.</summary>
    public static Task<SupportCase> OpenCaseAsync(
        this AuthServerFixture server,
        CaseEvidence? evidence = null,
        Action<SupportCase>? more = null,
        string? newEmail = null
    ) =>
        server.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<AuthDbContext>();
            var support = NewCase(server.Now, evidence, newEmail);
            more?.Invoke(support);
            db.SupportCases.Add(support);
            db.CaseTerms.AddRange(services.GetRequiredService<CaseTerms>().Of(support));
            db.AddEntry(support.Id, CaseEntryKind.Opened, server.Now);
            await db.SaveChangesAsync();
            return support;
        });

    public static SupportCase NewCase(DateTimeOffset now, CaseEvidence? evidence = null, string? newEmail = null)
    {
        var id = Guid.CreateVersion7(now);
        return new SupportCase
        {
            Id = id,
            Reference = CaseToken.NewReference(),
            State = CaseState.Open,
            CreatedAt = now,
            ChangedAt = now,
            OpenedAt = now,
            AddressProvedAt = now,
            NewEmail = newEmail ?? $"new-{id:N}@example.test",
            Evidence =
                evidence
                ?? new CaseEvidence
                {
                    GivenName = "Aoife",
                    FamilyName = "O’Brien",
                    GmcNumber = "765 4321",
                },
        };
    }

    /// <summary>An ordinary person with what cases are compared with.</summary>
    public static async Task<GivenAccount> TraineeAsync(this AuthServerFixture server)
    {
        var trainee = await server.Given.AccountAsync(
            $"o'brien{Guid.NewGuid():N}",
            a =>
            {
                (a.GivenName, a.FamilyName, a.GmcNumber) = ("Aoife", "O'Brien", "7654321");
                (a.Email, a.EmailVerified) = ($"aoife-{a.Id:N}@royal.example.test", true);
            }
        );
        await server.InDatabaseAsync(db =>
        {
            db.PreviousEmails.Add(
                new PreviousEmail
                {
                    AccountId = trainee.Id,
                    Email = "Aoife@Old.example.test",
                    Normalized = "aoife@old.example.test",
                    RecordedAt = server.Now,
                }
            );
            db.Posts.Add(
                new Post
                {
                    Id = Guid.NewGuid(),
                    AccountId = trainee.Id,
                    Employer = "Royal Infirmary",
                    Specialty = "Cardiology",
                    Grade = "ST4",
                    From = new DateOnly(2023, 8, 2),
                    Supervisor = "Nadia Patel",
                }
            );
            return db.SaveChangesAsync();
        });
        return trainee;
    }

    /// <summary>A message about a case that a mail server refused.</summary>
    public static Task<int> RefusedMessageAsync(this AuthServerFixture server, SupportCase support, string answer) =>
        server.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<AuthDbContext>();
            await using var transaction = await db.Database.BeginTransactionAsync(); // nobody sends it in between
            await services
                .GetRequiredService<IRecoveryMessenger>()
                .QueueAsync(
                    support.NewEmail!,
                    new RecoveryMessage.CaseStopped(support.Reference),
                    new MessageSubject(caseId: support.Id),
                    CancellationToken.None
                );
            await db.SaveChangesAsync();
            var refused = await db
                .Outbox.Where(m => m.CaseId == support.Id)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(m => m.State, MailState.Refused)
                        .SetProperty(m => m.LastAnswer, answer)
                        .SetProperty(m => m.SettledAt, server.Now)
                );
            await transaction.CommitAsync();
            return refused;
        });

    public static Task<SupportCase> CaseAsync(this AuthServerFixture server, Guid caseId) =>
        server.InDatabaseAsync(db => db.SupportCases.AsNoTracking().SingleAsync(c => c.Id == caseId));

    /// <summary>
    /// The audit trail about a case, as kind and actor, oldest first and in the alphabet's order where they are of one
    /// moment.
    /// </summary>
    public static Task<List<(string Kind, string? Actor, Guid? AccountId)>> AuditAsync(
        this AuthServerFixture server,
        Guid caseId
    ) =>
        server.InDatabaseAsync(async db =>
            (
                await db
                    .AuditEvents.AsNoTracking()
                    .Where(e => e.Detail != null && e.Detail.StartsWith($"case={caseId}"))
                    .OrderBy(e => e.At)
                    .ThenBy(e => e.Kind)
                    .ToListAsync()
            )
                .Select(e => (e.Kind, e.Actor, e.AccountId))
                .ToList()
        );

    /// <summary>Opens a page of a case and sends its only form.</summary>
    public static async Task<Page> DecideAsync(
        this TestBrowser browser,
        SupportCase support,
        string act,
        IReadOnlyDictionary<string, string>? typed = null
    ) => await browser.SubmitAsync((await browser.GetAsync($"/support/cases/{support.Reference}/{act}")).Ok(), typed);

    /// <summary>Opens the case and sends one of its forms.</summary>
    public static async Task<Page> KeepAsync(
        this TestBrowser browser,
        SupportCase support,
        string handler,
        IReadOnlyDictionary<string, string>? typed = null,
        string query = ""
    ) =>
        await browser.SubmitAsync(
            (await browser.GetAsync($"/support/cases/{support.Reference}{query}")).Ok(),
            typed,
            $"form[action*='handler={handler}']"
        );

    /// <summary>Sends what no page offered, with the antiforgery token of a page that was shown.</summary>
    public static async Task<Page> ForgeAsync(
        this TestBrowser browser,
        string path,
        params (string Name, string Value)[] fields
    )
    {
        var shown = await browser.GetAsync("/account");
        var token = shown.One("main form input[name=__RequestVerificationToken]").GetAttribute("value") ?? "";
        return await browser.PostAsync(
            path,
            fields
                .Select(field => new KeyValuePair<string, string>(field.Name, field.Value))
                .Append(new("__RequestVerificationToken", token))
        );
    }
}
