using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using AuthServer.Accounts;

namespace AuthServer.CommandLine;

/// <summary><c>AuthServer users …</c>: adds, imports, shows and locks accounts.</summary>
internal static class UsersCommands
{
    /// <summary>Who did it, in the audit trail.</summary>
    public const string Actor = "command-line";

    // Names are shown as they are: the output is read by people and by programs, never by a browser.
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    public static Command Create() =>
        new("users", "Add, import, show and lock people's accounts.")
        {
            UsersAddCommand.Create(),
            UsersImportCommand.Create(),
            UsersUpdateCommand.Create(),
            Invite(),
            OnUser(
                "remove",
                "Erase a person. Their id is never used again, and the audit trail keeps it. This cannot be undone.",
                RemoveAsync
            ),
            new Command("list", "Print every account as a JSON array.").OnServices(ListAsync),
            OnUser(
                "show",
                "Print all that is held about an account, without its password hash, as JSON.",
                ShowAsync,
                removedToo: true
            ),
            OnUser(
                "lock",
                "Keep an account out: no log-in works, its sessions and all that apps were given end.",
                LockAsync
            ),
            OnUser("unlock", "Let an account in again, and forget its failed log-ins.", UnlockAsync),
            OnUser(
                "end-sessions",
                "End an account's sessions and all that apps were given. It may log in again.",
                EndSessionsAsync
            ),
        };

    public static Task PrintAsync(CommandRun run, object value) =>
        run.Output.WriteLineAsync(JsonSerializer.Serialize(value, Json));

    /// <summary>The app that an invitation leads to in the end.</summary>
    public static Option<string?> AppOption() =>
        new("--app")
        {
            Description =
                "The client_id of the app that the person is led to once they have chosen a password. Default: the list of apps.",
            HelpName = "client_id",
        };

    /// <summary>A command that names one account.</summary>
    public static Command OnUser(
        string name,
        string description,
        Func<CommandRun, Guid, CancellationToken, Task> act,
        bool removedToo = false
    )
    {
        var user = new Argument<string>("user")
        {
            Description = "A username, an email address that only one account has, or an account's id.",
        };
        return new Command(name, description) { user }.OnServices(
            async (run, cancellationToken) =>
            {
                var register = run.Services.GetRequiredService<AccountRegister>();
                var found = await register.FindAsync(run.Arguments.GetRequiredValue(user), cancellationToken);
                switch (found)
                {
                    case [var id] when !removedToo && await register.RemovedAtAsync(id, cancellationToken) is { } at:
                        throw new RefusedException($"The account was removed on {at:yyyy-MM-dd}.");
                    case [var id]:
                        await act(run, id, cancellationToken);
                        return 0;
                    case []:
                        throw new RefusedException("There is no such account.");
                    default:
                        throw new RefusedException(
                            $"{found.Count} accounts have that email address: name one by its username."
                        );
                }
            }
        );
    }

    private static async Task<int> ListAsync(CommandRun run, CancellationToken cancellationToken)
    {
        // One object a line, written as it is read: there may be many.
        var compact = new JsonSerializerOptions(Json) { WriteIndented = false };
        var separator = "[";
        await foreach (var account in run.Services.GetRequiredService<AccountRegister>().ListAsync(cancellationToken))
        {
            await run.Output.WriteLineAsync(separator);
            await run.Output.WriteAsync(JsonSerializer.Serialize(account, compact));
            separator = ",";
        }

        await run.Output.WriteLineAsync(separator == "[" ? "[]" : Environment.NewLine + "]");
        return 0;
    }

    private static async Task ShowAsync(CommandRun run, Guid id, CancellationToken cancellationToken) =>
        await PrintAsync(
            run,
            await run.Services.GetRequiredService<AccountRegister>().ShowAsync(id, cancellationToken)
        );

    private static Command Invite()
    {
        var app = AppOption();
        var command = OnUser(
            "invite",
            "Email a person who has no password yet a link to choose one, which works for 7 days.",
            (run, id, cancellationToken) => InviteAsync(run, id, run.Arguments.GetValue(app), cancellationToken)
        );
        command.Add(app);
        return command;
    }

    private static async Task InviteAsync(CommandRun run, Guid id, string? app, CancellationToken cancellationToken)
    {
        if (
            await run.Services.GetRequiredService<InviteAccount>().HandleAsync(id, app, cancellationToken) is
            { } problem
        )
        {
            throw new RefusedException(problem);
        }

        await run.Output.WriteLineAsync("The person is invited.");
    }

    private static async Task RemoveAsync(CommandRun run, Guid id, CancellationToken cancellationToken) =>
        await run.Output.WriteLineAsync(
            await run.Services.GetRequiredService<RemoveAccount>().HandleAsync(id, Actor, cancellationToken)
                ? "The account is removed."
                : "The account was removed at the same moment."
        );

    private static async Task LockAsync(CommandRun run, Guid id, CancellationToken cancellationToken) =>
        await run.Output.WriteLineAsync(
            await run.Services.GetRequiredService<DisableAccount>().DisableAsync(id, Actor, cancellationToken)
                ? "The account is locked; its sessions have ended."
                : "The account was locked already."
        );

    private static async Task UnlockAsync(CommandRun run, Guid id, CancellationToken cancellationToken) =>
        await run.Output.WriteLineAsync(
            await run.Services.GetRequiredService<DisableAccount>().EnableAsync(id, Actor, cancellationToken)
                ? "The account is unlocked; its failed log-ins are forgotten."
                : "The account was not locked; its failed log-ins are forgotten."
        );

    private static async Task EndSessionsAsync(CommandRun run, Guid id, CancellationToken cancellationToken)
    {
        var ended = await run
            .Services.GetRequiredService<DisableAccount>()
            .EndSessionsAsync(id, Actor, cancellationToken);
        await run.Output.WriteLineAsync($"Sessions ended: {ended}.");
    }
}
