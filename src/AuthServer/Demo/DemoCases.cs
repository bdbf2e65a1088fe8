using AuthServer.Accounts;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Recovery.Cases;

namespace AuthServer.Demo;

/// <summary>Support cases for the demo officer to look at, one in each state. Made once, on an empty desk.</summary>
internal sealed class DemoCases(AuthDbContext db, PreviousEmails previousEmails, CaseTerms terms, TimeProvider clock)
{
    private Dictionary<string, Guid> _people = [];
    private DateTimeOffset _now;

    public async Task AddAsync(CancellationToken cancellationToken)
    {
        if (await db.SupportCases.AnyAsync(c => c.OpenedAt != null, cancellationToken))
        {
            return;
        }

        _now = clock.GetUtcNow();
        string[] usernames = [.. DemoPeople.All.Select(person => person.Username)];
        _people = await db
            .Accounts.Where(a => usernames.Contains(a.Username))
            .ToDictionaryAsync(a => a.Username, a => a.Id, cancellationToken);
        if (_people.Count < usernames.Length)
        {
            return; // the database has other people by these names
        }

        await previousEmails.AddAsync([(_people["o'brien4821"], "s.obrien@college.example.com")], cancellationToken);
        AddCases();
        await db.SaveChangesAsync(cancellationToken);
    }

    private void AddCases()
    {
        var (administrator, officer) = (_people["hughes3350"], _people["iqbal6142"]);
        Add(
            CaseState.Open,
            50,
            "siobhan.new@example.com",
            new CaseEvidence
            {
                GivenName = "Siobhan",
                FamilyName = "O’Brien",
                EarlierEmails = ["S.OBrien@college.example.com"],
                GmcNumber = "700 0001",
                LastPost = new StatedPost
                {
                    Employer = "Testshire Royal",
                    Specialty = "cardiology",
                    Grade = "ST 4",
                    From = "August 2025",
                    Supervisor = "Jean Fairweather",
                },
                More = "I moved to another trust and they closed my mailbox the same day.",
            }
        );
        var fresh = Add(
            CaseState.Open,
            4,
            "c.okafor.79@example.com",
            new CaseEvidence
            {
                GivenName = "Chidi",
                FamilyName = "Okafor",
                GmcNumber = "7000002",
            }
        );
        (fresh.News, fresh.NewsAt) = (CaseNews.Opened, fresh.ChangedAt);
        var answered = Add(
            CaseState.Open,
            60,
            "nadia.patel@example.com",
            new CaseEvidence { GivenName = "Nadia", FamilyName = "Patel" }
        );
        Enter(answered, CaseEntryKind.Question, 40, officer, "Which trust do you work for, and who supervises you?");
        Enter(answered, CaseEntryKind.Answer, 1, null, "Testshire Royal. Dr Fairweather supervises me.");
        (answered.News, answered.NewsAt) = (CaseNews.Answered, answered.ChangedAt);
        var asked = Add(
            CaseState.MoreWanted,
            27,
            "jean.f@example.com",
            new CaseEvidence
            {
                GivenName = "Jean",
                FamilyName = "Fairweather",
                Username = "fairwether5093",
            }
        );
        asked.AssignedTo = officer;
        Enter(asked, CaseEntryKind.Question, 20, officer, "Which hospital was your last post at, and from when?");
        db.CaseTags.Add(new CaseTag { CaseId = asked.Id, Tag = "changed trust" });
        var second = Add(
            CaseState.SecondApprovalWanted,
            9,
            "nadia.p@example.com",
            new CaseEvidence
            {
                GivenName = "Nadia",
                FamilyName = "Patel",
                Username = "patel7421",
            }
        );
        (second.AccountId, second.ApprovedBy, second.ApprovedAt) = (
            _people["patel7421"],
            administrator,
            _now.AddHours(-3)
        );
        Enter(
            second,
            CaseEntryKind.Note,
            4,
            administrator,
            "Rang her on the number in the staff directory: it is her."
        );
        Enter(second, CaseEntryKind.Approved, 3, administrator);
        var approved = Add(
            CaseState.Approved,
            30,
            "jean.fairweather@new.example.com",
            new CaseEvidence { FamilyName = "Fairweather", CollegeNumber = "000123" }
        );
        (approved.AccountId, approved.ApprovedBy, approved.ApprovedAt, approved.ReleaseAt) = (
            _people["fairweather5093"],
            officer,
            _now.AddHours(-2),
            _now.AddHours(22)
        );
        Enter(approved, CaseEntryKind.Approved, 2, officer);
        var rejected = Close(
            CaseState.Rejected,
            80,
            CaseEntryKind.Rejected,
            officer,
            "The caller could not say where they work."
        );
        rejected.RejectedBecause = RejectReason.NotEnoughEvidence;
        Close(CaseState.Stopped, 100, CaseEntryKind.Stopped, null);
        Close(CaseState.Released, 120, CaseEntryKind.Released, null).AccountId = _people["okafor1907"];
        var alarm = Close(CaseState.Released, 150, CaseEntryKind.Released, null);
        (alarm.AccountId, alarm.AlarmAt) = (_people["okafor1907"], _now.AddHours(-5));
        Enter(alarm, CaseEntryKind.PasswordChosen, 140, null);
        Enter(alarm, CaseEntryKind.Alarm, 5, null);
        Close(CaseState.Lapsed, 500, CaseEntryKind.Lapsed, null);
    }

    private SupportCase Close(CaseState state, int hoursAgo, CaseEntryKind entry, Guid? actor, string? text = null)
    {
        var support = Add(
            state,
            hoursAgo,
            $"case-{hoursAgo}@example.com",
            new CaseEvidence { GivenName = "Alex", FamilyName = "Sample" }
        );
        support.ClosedAt = support.ChangedAt;
        Enter(support, entry, hoursAgo - 1, actor, text);
        return support;
    }

    private SupportCase Add(CaseState state, int hoursAgo, string newEmail, CaseEvidence evidence)
    {
        var at = _now.AddHours(-hoursAgo);
        var support = new SupportCase
        {
            Id = Guid.CreateVersion7(at),
            Reference = $"DEM0{100 + db.SupportCases.Local.Count:D4}",
            State = state,
            CreatedAt = at,
            ChangedAt = at,
            OpenedAt = at,
            AddressProvedAt = at,
            NewEmail = newEmail,
            Evidence = evidence,
        };
        db.SupportCases.Add(support);
        db.CaseTerms.AddRange(terms.Of(support));
        Enter(support, CaseEntryKind.Opened, hoursAgo, null);
        return support;
    }

    private void Enter(SupportCase support, CaseEntryKind kind, int hoursAgo, Guid? actor, string? text = null)
    {
        var at = _now.AddHours(-hoursAgo);
        support.ChangedAt = at;
        db.CaseEntries.Add(
            new CaseEntry
            {
                Id = Guid.CreateVersion7(at),
                CaseId = support.Id,
                At = at,
                Kind = kind,
                ActorId = actor,
                Text = text,
            }
        );
    }
}
