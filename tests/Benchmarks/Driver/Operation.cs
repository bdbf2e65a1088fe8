namespace Driver;

/// <summary>What every worker of a scenario is given.</summary>
/// <param name="Config">The server.</param>
/// <param name="Endpoints">Null when the scenario needs none.</param>
/// <param name="Worker">Its number, from 0.</param>
internal sealed record Setting(Config Config, Endpoints? Endpoints, int Worker);

/// <summary>
/// One worker thread's state for a scenario: prepared before the clock starts, then <see cref="Run"/> in a loop.
/// </summary>
internal abstract class Operation(Setting setting) : IDisposable
{
    protected Http Http { get; } = new();

    public virtual int HttpRequestsPerOperation => 1;

    /// <summary>
    /// Untimed: sign in, get the first tokens. Called again after an error, so that a broken chain can restart.
    /// </summary>
    public virtual void Prepare() { }

    /// <summary>The timed operation; throws when the answer is not the expected one.</summary>
    public abstract void Run();

    public void Dispose() => Http.Dispose();

    protected OidcSession NewSession(ClientConfig client) =>
        new(
            setting.Config,
            setting.Endpoints ?? throw new InvalidOperationException("The scenario needs a discovery document."),
            Http,
            client,
            setting.Config.Login.For(setting.Worker)
        );
}
