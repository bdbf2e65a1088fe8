using System.CommandLine;
using System.Net.Sockets;
using System.Security.Cryptography;
using AuthServer.Data;
using Microsoft.Extensions.Options;

namespace AuthServer.CommandLine;

/// <summary>
/// <c>AuthServer serve</c>: runs the server until it is told to stop. Settings may follow as <c>--Key=value</c>.
/// </summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command(
            "serve",
            "Run the server. Settings may follow as --Key=value, such as --urls=http://localhost:5080."
        )
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                RunAsync(
                    (CommandSurroundings)arguments.InvocationConfiguration,
                    [.. arguments.UnmatchedTokens],
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        CommandSurroundings surroundings,
        string[] settings,
        CancellationToken cancellationToken
    )
    {
        CheckSettings(settings);
        var starting = true;
        await using var app = Program.Build(
            [.. surroundings.Settings, .. settings],
            builder =>
            {
                // What stops the start is told below, once and in one sentence; after it, the host's word is wanted.
                builder.Logging.AddFilter(
                    "Microsoft.Extensions.Hosting.Internal.Host",
                    level => level >= LogLevel.Information && !Volatile.Read(ref starting)
                );
                surroundings.Configure?.Invoke(builder);
            }
        );
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        DatabaseInUse.Log(app);
        await DatabaseReady.EnsureAsync(app.Services, mayCreate: true, cancellationToken);
        if (await app.Services.GetRequiredService<SealedKeys>().ProblemAsync(cancellationToken) is { } problem)
        {
            throw new RefusedException(problem);
        }

        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e)
            when (e is IOException or FormatException or ArgumentException or CryptographicException or SocketException
                || (e is InvalidOperationException && e.Source == "Microsoft.AspNetCore.Server.Kestrel.Core")
            )
        {
            throw new RefusedException(
                e.Message.Contains("No server certificate was specified", StringComparison.Ordinal)
                    ? "The server cannot listen: https needs a certificate; set Kestrel:Certificates:Default:Path and KeyPath."
                    : $"The server cannot listen: {Refusal.OneLine(e.Message)} Check urls and Kestrel."
            );
        }

        Volatile.Write(ref starting, false);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    // The configuration would leave out what it cannot read, and the operator would wonder.
    private static void CheckSettings(string[] settings)
    {
        for (var i = 0; i < settings.Length; i++)
        {
            if (!settings[i].StartsWith("--", StringComparison.Ordinal))
            {
                throw new RefusedException($"\"{settings[i]}\" is not a setting: write it as --Key=value.");
            }

            if (!settings[i].Contains('=', StringComparison.Ordinal) && ++i == settings.Length)
            {
                throw new RefusedException(
                    $"The setting {settings[^1]} lacks its value: write it as {settings[^1]}=value."
                );
            }
        }
    }
}
