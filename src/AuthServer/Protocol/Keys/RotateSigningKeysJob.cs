using Quartz;

namespace AuthServer.Protocol.Keys;

/// <summary>
/// Announces the next keys in time and deletes expired ones. Every process may run it: they take turns.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class RotateSigningKeysJob(SigningKeys keys, ILogger<RotateSigningKeysJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var done = await keys.DoWhatIsDueAsync(unusable: [], cancellationToken);
        foreach (var made in done.Make)
        {
            Made(made.Algorithm, made.ActivatesAt);
        }

        foreach (var keyId in done.Delete)
        {
            Deleted(keyId);
        }
    }

    [LoggerMessage(2803, LogLevel.Information, "Made a signing key for {Algorithm}, which signs from {ActivatesAt:O}.")]
    private partial void Made(string algorithm, DateTimeOffset activatesAt);

    [LoggerMessage(
        2804,
        LogLevel.Information,
        "Deleted signing key {KeyId}: the last token that it signed has expired."
    )]
    private partial void Deleted(string keyId);
}
