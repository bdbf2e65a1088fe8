using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using AuthServer.Data;
using AuthServer.Protocol.Keys;

namespace AuthServer.CommandLine;

/// <summary><c>AuthServer keys list | rotate</c>: the keys that tokens are signed with. Results are JSON.</summary>
internal static class KeysCommands
{
    public static Command Create() =>
        new("keys", "Look after the keys that tokens are signed with.") { List(), Rotate() };

    private static Command List() =>
        new Command("list", "List every key and where it is in its life.").OnServices(
            async (run, cancellationToken) =>
            {
                var now = run.Services.GetRequiredService<TimeProvider>().GetUtcNow();
                var keys = await run.Services.GetRequiredService<SigningKeys>().ListAsync(cancellationToken);
                await run.WriteJsonAsync(new JsonArray([.. keys.Select(key => (JsonNode)Document(key, now))]));
                return 0;
            }
        );

    private static Command Rotate()
    {
        var withdraw = new Option<bool>("--withdraw")
        {
            Description =
                "A private key has leaked: stop publishing the old keys as soon as the new ones sign. Tokens signed with them stop working.",
        };
        var lost = new Option<bool>("--certificate-lost")
        {
            Description =
                "The certificate of DataProtection:CertificateFile is lost: remove what it sealed. Everybody is logged out, and mail that waits is lost.",
        };
        return new Command("rotate", "Replace the keys now. They replace themselves in time; this is for an emergency.")
        {
            withdraw,
            lost,
        }.OnServices(
            async (run, cancellationToken) =>
            {
                if (run.Arguments.GetValue(lost))
                {
                    var removed = await run
                        .Services.GetRequiredService<SealedKeys>()
                        .RemoveUnopenableAsync("command-line", cancellationToken);
                    await run.Error.WriteLineAsync($"Data-protection keys removed: {removed}.");
                }

                var now = run.Services.GetRequiredService<TimeProvider>().GetUtcNow();
                var made = await run
                    .Services.GetRequiredService<SigningKeys>()
                    .RotateAsync(run.Arguments.GetValue(withdraw), "command-line", cancellationToken);
                await run.WriteJsonAsync(new JsonArray([.. made.Select(key => (JsonNode)Document(key, now))]));
                await run.Error.WriteLineAsync(
                    $"The new keys are published within {SigningKeyRing.Freshness.TotalSeconds:F0} seconds and sign from {made[0].ActivatesAt:HH:mm:ss} UTC."
                );
                return 0;
            }
        );
    }

    private static JsonObject Document(SigningKey key, DateTimeOffset now) =>
        new()
        {
            ["kid"] = key.KeyId,
            ["alg"] = key.Algorithm,
            ["state"] = KeySchedule.StateOf(key, now).ToString().ToLowerInvariant(),
            ["created_at"] = Instant(key.CreatedAt),
            ["signs_from"] = Instant(key.ActivatesAt),
            ["signs_until"] = Instant(key.RetiresAt),
            ["published_until"] = Instant(key.ExpiresAt),
        };

    private static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
