using System.CommandLine;
using System.CommandLine.Invocation;

namespace AuthServer.CommandLine;

/// <summary>
/// The command line: <c>AuthServer serve | migrate | clients … | scopes … | users … | keys …</c>. Without a verb it
/// serves.
/// </summary>
internal static class Commands
{
    /// <summary>Runs one command.</summary>
    /// <returns>The exit code: 0, or 1 with one sentence on the error output.</returns>
    public static async Task<int> RunAsync(string[] args, CommandSurroundings? surroundings = null)
    {
        var serve = ServeCommand.Create();
        var root = new RootCommand("An OpenID Connect server for NHS ePortfolios. Without a command it serves.")
        {
            serve,
            MigrateCommand.Create(),
            ClientsCommands.Create(),
            ScopesCommands.Create(),
            UsersCommands.Create(),
            KeysCommands.Create(),
        };

        surroundings ??= new CommandSurroundings();
        surroundings.EnableDefaultExceptionHandler = false;
        var parsed = root.Parse(WithVerb(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            var mistake = parsed.UnmatchedTokens is [var unknown, ..]
                ? $"AuthServer {PathOf(parsed)}does not know \"{unknown}\":"
                : parsed.Errors[0].Message;
            await surroundings.Error.WriteLineAsync(
                $"{mistake} \"AuthServer {PathOf(parsed)}--help\" shows what there is."
            );
            return 1;
        }

        if (parsed.CommandResult.Command == serve)
        {
            // The web host listens to signals itself, and stops in its own time.
            surroundings.ProcessTerminationTimeout = null;
        }

        try
        {
            return await parsed.InvokeAsync(surroundings);
        }
        catch (Exception failure) when (Refusal.Sentence(failure) is { } sentence)
        {
            await surroundings.Error.WriteLineAsync(sentence);
            return 1;
        }
    }

    // "AuthServer --urls=…" serves, as "AuthServer" does.
    private static string[] WithVerb(string[] args) =>
        args switch
        {
            [] => ["serve"],
            ["--help" or "--version" or "-h" or "-?", ..] => args,
            [['-', '-', ..], ..] => ["serve", .. args],
            _ => args,
        };

    private static string PathOf(ParseResult parsed)
    {
        var path = "";
        for (var at = parsed.CommandResult; at.Parent is System.CommandLine.Parsing.CommandResult parent; at = parent)
        {
            path = at.Command.Name + " " + path;
        }

        return path;
    }
}
