using AuthServer.Data;
using AuthServer.Mail;
using Microsoft.EntityFrameworkCore;
using Recovery.Cases;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>How the database looks for what is dead, in its own words.</summary>
public abstract class CleanUpPlansContract : CleanedRowsContract
{
    [Fact]
    public async Task Every_look_for_dead_rows_goes_by_an_index()
    {
        var account = (await Server.Given.AccountAsync()).Id;
        for (var i = 0; i < 4; i++)
        {
            await AddAsync([
                .. Enumerable
                    .Range(0, 500)
                    .SelectMany(n =>
                        new object[]
                        {
                            Link($"{n}", expires: Now.AddMinutes(n)),
                            Request(Now.AddMinutes(-n), done: Now.AddMinutes(-n)),
                            Grant(account, Now.AddMinutes(n)),
                            Session(account, Now.AddMinutes(n)),
                            UsedAssertion(Now.AddMinutes(n)),
                            Message(MailState.Accepted, settled: Now.AddMinutes(-n)),
                            Count(Guid.NewGuid().ToString(), 1, Now.AddMinutes(-n)),
                            Case(
                                Guid.NewGuid().ToString("N")[..10],
                                CaseState.Rejected,
                                Now,
                                opened: Now,
                                closed: Now.AddMinutes(-n)
                            ),
                        }
                    ),
            ]);
        }

        var statements = await StatementsAsync(async () => await RunAsync());

        var plans = await Server.InDatabaseAsync(async db =>
        {
            await db.Database.ExecuteSqlRawAsync("ANALYZE");
            var plans = new List<string>();
            foreach (var statement in statements)
            {
                plans.Add(await PlanAsync(db, statement));
            }

            return plans;
        });
        Assert.Equal(10, plans.Count); // every kind was looked for
        Assert.All(plans, plan => Assert.Matches("(?i)using (covering )?index|index (only )?scan", plan));
        Assert.All(plans, plan => Assert.DoesNotMatch(@"(?i)seq scan|\bSCAN (?!.*USING)|temp b-tree", plan));
    }

    /// <summary>The database's own word on how it would run a statement.</summary>
    protected abstract Task<string> PlanAsync(AuthDbContext db, RecordedStatement statement);

    protected static async Task<string> ExplainAsync(
        AuthDbContext db,
        RecordedStatement statement,
        string explain,
        int column
    )
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = explain + statement.Text;
        foreach (var (name, value) in statement.Parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(column));
        }

        return string.Join('\n', lines);
    }

    /// <summary>What asks for the oldest rows of a kind, once each.</summary>
    private static async Task<IReadOnlyList<RecordedStatement>> StatementsAsync(Func<Task> act)
    {
        using var recorder = new StatementRecorder();
        await act();
        return
        [
            .. recorder
                .Statements.Where(statement => statement.Text.Contains("ORDER BY", StringComparison.Ordinal))
                .DistinctBy(s => s.Text),
        ];
    }
}
