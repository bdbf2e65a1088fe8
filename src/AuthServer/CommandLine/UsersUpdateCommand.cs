using System.CommandLine;
using AuthServer.Accounts;
using AuthServer.Accounts.Importing;

namespace AuthServer.CommandLine;

/// <summary>
/// <c>AuthServer users update USER</c>: changes one account as one row of <c>users import</c> would, with an option for
/// each column.
/// </summary>
internal static class UsersUpdateCommand
{
    /// <summary>
    /// Columns that are no facts about a person, that recovery looks after, or that are for invitations.
    /// </summary>
    private static readonly string[] NoOptions =
    [
        "sub",
        "preferred_username",
        "updated_at",
        "password",
        "password_hash",
        "app",
    ];

    public static Command Create()
    {
        var options = ImportFile.Columns.Except(NoOptions).ToDictionary(column => column, Option);
        var command = UsersCommands.OnUser(
            "update",
            "Change an account: what is named, and nothing else. A blank value takes a fact away.",
            (run, id, cancellationToken) => UpdateAsync(run, id, options, cancellationToken)
        );
        foreach (var option in options.Values)
        {
            command.Add(option);
        }

        return command;
    }

    private static Option<string?> Option(string column) =>
        new(column == "staff_role" ? "--role" : "--" + column.Replace('_', '-')) { HelpName = "value" };

    private static async Task UpdateAsync(
        CommandRun run,
        Guid id,
        Dictionary<string, Option<string?>> options,
        CancellationToken cancellationToken
    )
    {
        var given = options
            .Select(option => (Column: option.Key, Value: run.Arguments.GetValue(option.Value)))
            .Where(fact => fact.Value is not null)
            .ToDictionary(fact => fact.Column, fact => fact.Value ?? "");
        if (given.Count == 0)
        {
            throw new RefusedException(
                "Nothing was named to change: \"AuthServer users update --help\" shows the options."
            );
        }

        var held = await run.Services.GetRequiredService<AccountRegister>().ShowAsync(id, cancellationToken);
        given.TryAdd("username", held.Username);
        given.TryAdd(
            "email",
            held.Email ?? throw new RefusedException("The account has no email address: give it one with --email.")
        );
        given.Add("sub", id.ToString());
        var row = ImportRowReader.Read(line: 1, [.. given.Keys], [.. given.Values]);
        await foreach (
            var result in run
                .Services.GetRequiredService<ImportAccounts>()
                .ImportAsync([row], UsersCommands.Actor, invite: false, cancellationToken)
        )
        {
            await run.Output.WriteLineAsync(
                result.Outcome switch
                {
                    ImportOutcome.Refused => throw new RefusedException(
                        result.Reason ?? "The account cannot be changed."
                    ),
                    ImportOutcome.Unchanged => "The account was like this already.",
                    _ => "The account is changed.",
                }
            );
        }
    }
}
