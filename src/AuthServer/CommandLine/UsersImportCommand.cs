using System.CommandLine;
using System.Globalization;
using AuthServer.Accounts.Importing;
using CsvHelper;

namespace AuthServer.CommandLine;

/// <summary>
/// <c>AuthServer users import FILE|-</c>: prints <c>line,result,username,reason</c> for each row as CSV; the progress
/// goes to the error output. 1 when a row was refused.
/// </summary>
internal static class UsersImportCommand
{
    /// <summary>Rows between two progress lines.</summary>
    private const int ProgressEvery = 5_000;

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "CSV with a header; - is the standard input." };
        var invite = new Option<bool>("--invite")
        {
            Description =
                "Email everybody in the file who has no password a link to choose one, which works for 7 days. Whose link still works gets no other.",
        };
        return new Command(
            "import",
            "Add and update accounts from a CSV file; prints a result for each row. The same file twice changes nothing. "
                + $"Columns: {string.Join(", ", ImportFile.Columns)}. username and email are required. "
                + "previous_emails: ; between several. posts: employer|specialty|grade|from|to|supervisor, days as YYYY-MM-DD, ; between "
                + "several posts. supervisors: usernames of those who supervise the person, anywhere in the file or known already, ; between "
                + "several. app: the client_id of the app that an invitation leads to in the end. A column that the file lacks is left as it is; a blank one is emptied."
        )
        {
            file,
            invite,
        }.OnServices(
            (run, cancellationToken) =>
                RunAsync(run, run.Arguments.GetRequiredValue(file), run.Arguments.GetValue(invite), cancellationToken)
        );
    }

    private static async Task<int> RunAsync(
        CommandRun run,
        string file,
        bool invite,
        CancellationToken cancellationToken
    )
    {
        using var text = run.Open(file);
        var (rows, problem) = ImportFile.Open(text);
        if (problem is not null)
        {
            throw new RefusedException(problem);
        }

        var counts = new SortedDictionary<ImportOutcome, int>();
        var (done, invited) = (0, 0);
        await using var output = CsvWriter.Create(
            run.Output,
            new CsvWriterOptions { Injection = CsvInjection.Escape, NewLine = "\n" },
            leaveOpen: true
        );
        output.WriteRecord("line", "result", "username", "reason");
        await foreach (
            var result in run
                .Services.GetRequiredService<ImportAccounts>()
                .ImportAsync(rows, UsersCommands.Actor, invite, cancellationToken)
        )
        {
            output.WriteRecord(
                result.Line.ToString(CultureInfo.InvariantCulture),
                Name(result.Outcome),
                result.Username,
                result.Reason ?? ""
            );
            counts[result.Outcome] = counts.GetValueOrDefault(result.Outcome) + 1;
            invited += result.Invited ? 1 : 0;
            if (++done % ProgressEvery == 0)
            {
                await output.FlushAsync(cancellationToken);
                await run.Error.WriteLineAsync(Progress(done, invited, counts));
            }
        }

        await output.FlushAsync(cancellationToken);
        await run.Error.WriteLineAsync(Progress(done, invited, counts));
        return counts.ContainsKey(ImportOutcome.Refused) ? 1 : 0;
    }

    private static string Progress(int done, int invited, SortedDictionary<ImportOutcome, int> counts) =>
        $"{done} rows: {string.Join(", ", counts.Select(count => $"{count.Value} {Name(count.Key)}"))}{(invited > 0 ? $"; {invited} invited" : "")}.";

    private static string Name(ImportOutcome outcome) =>
        outcome switch
        {
            ImportOutcome.Added => "added",
            ImportOutcome.Updated => "updated",
            ImportOutcome.Unchanged => "unchanged",
            _ => "refused",
        };
}
