using System.CommandLine;
using Microsoft.Extensions.Logging.Console;

namespace AuthServer.CommandLine;

/// <summary>What a command that works on the server's services is handed.</summary>
/// <param name="Arguments">What was typed.</param>
/// <param name="Services">A scope of the server's services. The server itself is not started.</param>
/// <param name="Input">The standard input.</param>
/// <param name="Output">For results: JSON, nothing else.</param>
/// <param name="Error">For people: progress and refusals.</param>
internal sealed record CommandRun(
    ParseResult Arguments,
    IServiceProvider Services,
    TextReader Input,
    TextWriter Output,
    TextWriter Error
)
{
    /// <summary>What a reader puts in the place of bytes that are not UTF-8.</summary>
    public const char Undecodable = '\uFFFD';

    /// <summary>Opens the file that an argument names; <c>-</c> is the standard input.</summary>
    /// <exception cref="RefusedException">It cannot be read.</exception>
    public TextReader Open(string path)
    {
        if (path == "-")
        {
            return Input;
        }

        try
        {
            return new StreamReader(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new RefusedException($"{path} cannot be read: {Refusal.OneLine(e.Message)}");
        }
    }
}

/// <summary>
/// Commands that work on the server's services: <c>clients</c>, <c>scopes</c>, <c>users</c>, <c>keys</c>.
/// </summary>
internal static class ServiceCommand
{
    /// <summary>What these would log is told by the command's own sentence, or by the server at its start.</summary>
    private static readonly string[] Told = ["Microsoft.EntityFrameworkCore", "Microsoft.AspNetCore.DataProtection"];

    /// <summary>A command may wait for a server that writes, where a request may not.</summary>
    private const string PatientWithOthers = "--Database:BusyTimeout=00:00:30";

    /// <summary>
    /// Makes the command do <paramref name="action"/> on the services of a server that is built and not started, on a
    /// database that is there already, with its schema current. Ctrl+C cancels the token. A
    /// <see cref="RefusedException"/> ends as one sentence and 1.
    /// </summary>
    /// <param name="action">Returns the exit code.</param>
    public static Command OnServices(this Command command, Func<CommandRun, CancellationToken, Task<int>> action)
    {
        command.SetAction(
            (arguments, cancellationToken) => RunAsync(arguments, ensureSchema: true, action, cancellationToken)
        );
        return command;
    }

    /// <param name="ensureSchema">False: the schema may be old.</param>
    public static async Task<int> RunAsync(
        ParseResult arguments,
        bool ensureSchema,
        Func<CommandRun, CancellationToken, Task<int>> action,
        CancellationToken cancellationToken
    )
    {
        var surroundings = (CommandSurroundings)arguments.InvocationConfiguration;
        await using var app = Program
            .CreateBuilder(
                [PatientWithOthers, .. surroundings.Settings],
                builder =>
                {
                    Quieten(builder.Logging);
                    surroundings.Configure?.Invoke(builder);
                }
            )
            .Build();
        await DatabaseInUse.AnnounceAsync(app.Services, surroundings.Error);
        if (ensureSchema)
        {
            await DatabaseReady.EnsureAsync(app.Services, mayCreate: false, cancellationToken);
        }

        await using var scope = app.Services.CreateAsyncScope();
        using var input = surroundings.Input ?? new StreamReader(Console.OpenStandardInput());
        return await action(
            new CommandRun(arguments, scope.ServiceProvider, input, surroundings.Output, surroundings.Error),
            cancellationToken
        );
    }

    // The output belongs to the result, which another program may read.
    private static void Quieten(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddSimpleConsole(); // for people, in Production too
        logging.AddFilter<ConsoleLoggerProvider>(
            (category, level) =>
                level >= LogLevel.Warning
                && !Told.Any(told => category?.StartsWith(told, StringComparison.Ordinal) is true)
        );
    }
}
