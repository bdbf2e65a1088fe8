using AuthServer.Accounts;
using AuthServer.Accounts.Importing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Where people worked and who supervises whom comes in with them, in any order of the rows.</summary>
public abstract class ImportCareersContract : StorageContract
{
    [Fact]
    public async Task Posts_and_supervisors_come_in_with_people_in_any_order()
    {
        var file =
            "username,email,posts,supervisors\n"
            + "anna1234,anna@example.org,Leeds General|Cardiology|ST4|2024-08-07|2025-08-05|Dr Bea Lee; York,BEA1234;cat1234\n"
            + "bea1234,bea@example.org,,cat1234\n"
            + "cat1234,cat@example.org,,\n";

        var results = await Server.ImportAsync(file);

        Assert.All(results, result => Assert.Equal((ImportOutcome.Added, null), (result.Outcome, result.Reason)));
        Assert.Equal(["anna1234 by bea1234", "anna1234 by cat1234", "bea1234 by cat1234"], await SupervisionsAsync());
        var posts = await Server.InDatabaseAsync(db =>
            db.Posts.AsNoTracking().OrderBy(post => post.Employer).ToListAsync()
        );
        Assert.Equal(
            [
                new PostFacts(
                    "Leeds General",
                    "Cardiology",
                    "ST4",
                    new DateOnly(2024, 8, 7),
                    new DateOnly(2025, 8, 5),
                    "Dr Bea Lee"
                ),
                new PostFacts("York"),
            ],
            posts.Select(PostFacts.Of)
        );
    }

    [Fact]
    public async Task Posts_and_supervisors_that_come_twice_change_nothing()
    {
        var file =
            "username,email,posts,supervisors\n"
            + "anna1234,anna@example.org,Leeds|Cardiology;York;York,bea1234;Bea1234\nbea1234,bea@example.org,,\n";
        await Server.ImportAsync(file);
        var before = await CareersAsync();

        var second = await Server.ImportAsync(file);

        Assert.Equal([ImportOutcome.Unchanged, ImportOutcome.Unchanged], second.Select(result => result.Outcome));
        Assert.Equal(before, await CareersAsync());
    }

    [Fact]
    public async Task Posts_and_supervisors_that_change_are_an_update_and_a_missing_column_leaves_them_alone()
    {
        await Server.ImportAsync(
            "username,email,posts,supervisors\nanna1234,anna@example.org,Leeds;York,bea1234\nbea1234,bea@example.org,,\ncat1234,cat@example.org,,\n"
        );
        var left = await Server.ImportAsync("username,email\nanna1234,anna@example.org\n");

        var changed = await Server.ImportAsync(
            "username,email,posts,supervisors\nanna1234,anna@example.org,York;Hull,cat1234\n"
        );
        var emptied = await Server.ImportAsync("username,email,supervisors\nanna1234,anna@example.org,\n");

        Assert.Equal(
            [ImportOutcome.Unchanged, ImportOutcome.Updated, ImportOutcome.Updated],
            new[] { left, changed, emptied }.Select(results => results.Single().Outcome)
        );
        Assert.Empty(await SupervisionsAsync());
        Assert.Equal(
            ["Hull", "York"],
            await Server.InDatabaseAsync(db =>
                db.Posts.Select(post => post.Employer).OrderBy(name => name).ToListAsync()
            )
        );
    }

    [Fact]
    public async Task A_row_whose_supervisor_is_added_batches_later_is_told_last_and_as_the_update_it_is()
    {
        await Server.ImportAsync("username,email\nanna1234,anna@example.org\n");

        var others = string.Concat(Enumerable.Range(0, 600).Select(i => $"user{i},user{i}@example.org,\n"));
        var results = await Server.ImportAsync(
            $"username,email,supervisors\nanna1234,anna@example.org,bea1234\n{others}bea1234,bea@example.org,\n"
        );
        var audited = await Server.InDatabaseAsync(db => db.AuditEvents.CountAsync(e => e.Detail == "result=updated"));

        Assert.Equal(new ImportResult(2, ImportOutcome.Updated, "anna1234"), results[^1]);
        Assert.Equal(602, results.Count);
        Assert.Equal(1, audited);
    }

    [Fact]
    public async Task A_supervisor_whom_nobody_knows_is_named_with_the_line_and_the_rest_is_taken()
    {
        var results = await Server.ImportAsync(
            "username,email,supervisors\nanna1234,anna@example.org,bea1234;nobody99\nbea1234,bea@example.org,\n"
        );

        Assert.Equal(
            new ImportResult(
                2,
                ImportOutcome.Refused,
                "anna1234",
                "In supervisors: nobody has the username \"nobody99\". The rest of the row was taken."
            ),
            results.Single(result => result.Line == 2)
        );
        Assert.Empty(await SupervisionsAsync());
        Assert.Equal(2, await Server.InDatabaseAsync(db => db.Accounts.CountAsync()));
    }

    [Fact]
    public async Task More_supervised_people_than_a_batch_find_their_supervisors_at_the_end_of_the_file()
    {
        var people = Enumerable.Range(0, 1_100).Select(i => $"user{i},user{i}@example.org,boss{i % 7}\n");
        var bosses = Enumerable.Range(0, 7).Select(i => $"boss{i},boss{i}@example.org,\n");

        var results = await Server.ImportAsync(
            "username,email,supervisors\n" + string.Concat(people) + string.Concat(bosses)
        );

        Assert.Equal(1_107, results.Count(result => result.Outcome == ImportOutcome.Added));
        Assert.Equal(1_100, await Server.InDatabaseAsync(db => db.Supervisions.CountAsync()));
    }

    private async Task<string[]> SupervisionsAsync() =>
        [
            .. (
                await Server.InDatabaseAsync(db =>
                    db.Supervisions.Join(
                            db.Accounts,
                            s => s.TraineeId,
                            a => a.Id,
                            (s, trainee) => new { s.SupervisorId, Trainee = trainee.Username }
                        )
                        .Join(
                            db.Accounts,
                            s => s.SupervisorId,
                            a => a.Id,
                            (s, supervisor) => s.Trainee + " by " + supervisor.Username
                        )
                        .ToListAsync()
                )
            ).Order(StringComparer.Ordinal),
        ];

    private Task<string> CareersAsync() =>
        Server.InDatabaseAsync(async db =>
            string.Join(
                '\n',
                [
                    .. (await db.Posts.AsNoTracking().OrderBy(post => post.Id).ToListAsync()).Select(post =>
                        $"{post.Id} {post.Employer}"
                    ),
                    .. await SupervisionsAsync(),
                    $"{await db.AuditEvents.CountAsync(e => e.AccountId != null)}",
                ]
            )
        );
}
