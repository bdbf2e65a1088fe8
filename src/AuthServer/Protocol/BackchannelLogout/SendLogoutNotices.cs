using AuthServer.Clients;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.BackchannelLogout;

/// <summary>
/// Tells apps that a session is over: a POST of the logout token to the address they registered (OIDC Back-Channel
/// Logout 1.0 §2.5). An app that is away is tried again; one that refuses the token is not (§2.8).
/// </summary>
internal sealed partial class SendLogoutNotices(
    IServiceScopeFactory scopes,
    ClientDirectory clients,
    LogoutTokens tokens,
    IHttpClientFactory http,
    ProtocolMeters meters,
    IHostApplicationLifetime lifetime,
    IOptions<BackchannelLogoutOptions> options,
    TimeProvider clock,
    ILogger<SendLogoutNotices> logger
)
{
    private const int Batch = 100;

    /// <summary>
    /// An app is tried at least so often: a clock that is put forward must not take the other attempts away.
    /// </summary>
    private const int LeastAttempts = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);

    /// <summary>Between two attempts; longer than <see cref="LogoutNotices.Lease"/>.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);

    /// <summary>Sends until nothing is due or the server stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            lifetime.ApplicationStopping
        );
        var work = new ParallelOptions { MaxDegreeOfParallelism = options.Value.AtOnce };
        List<LogoutNotice> due;
        do
        {
            due = await WithNoticesAsync(notices => notices.DueAsync(Batch, stop.Token));
            await Parallel.ForEachAsync(
                due,
                work,
                async (notice, _) =>
                {
                    if (
                        !stop.IsCancellationRequested
                        && await WithNoticesAsync(notices => notices.ClaimAsync(notice, stop.Token))
                    )
                    {
                        await SendAsync(notice);
                    }
                }
            );
        } while (due.Count == Batch && !stop.IsCancellationRequested);
    }

    private async Task SendAsync(LogoutNotice notice)
    {
        // The app may be gone, or have asked not to be told any more.
        var client = await clients.FindAsync(notice.ClientId, CancellationToken.None);
        var (told, again) = client is { Metadata.BackchannelLogoutUri: { } uri }
            ? await PostAsync(client, uri, notice)
            : ("nobody", false);
        if (again && NextFor(notice) is { } next)
        {
            await WithNoticesAsync(notices => notices.PostponeAsync(notice, next));
        }
        else
        {
            await WithNoticesAsync(notices => notices.RemoveAsync(notice));
            if (again)
            {
                GivenUp(notice.ClientId, notice.Attempts + 1, told);
            }
        }
    }

    /// <returns>What it answered, for the log, and whether to try again.</returns>
    private async Task<(string Answer, bool Again)> PostAsync(RegisteredClient client, string uri, LogoutNotice notice)
    {
        try
        {
            var token = await tokens.IssueAsync(client, notice, CancellationToken.None);
            using var within = new CancellationTokenSource(options.Value.Timeout, clock);
            using var form = new FormUrlEncodedContent([new("logout_token", token)]);
            using var caller = http.CreateClient(AppCalls.Name);
            using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = form };
            // Its body is of no interest.
            using var answer = await caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, within.Token);
            var status = (int)answer.StatusCode;
            if (answer.IsSuccessStatusCode)
            {
                meters.ToldOfLogout("told");
                Told(notice.ClientId, status);
                return ($"{status}", false);
            }

            var refused = status is 400 or 501; // §2.8: the token was not to its liking, or its own log-out failed
            meters.ToldOfLogout(refused ? "refused" : "retried");
            NotTold(notice.ClientId, notice.Attempts + 1, $"{status}");
            return ($"{status}", !refused);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            meters.ToldOfLogout("retried");
            var what = failure is HttpRequestException { HttpRequestError: var error }
                ? error.ToString()
                : "no answer in time";
            NotTold(notice.ClientId, notice.Attempts + 1, what);
            return (what, true);
        }
    }

    private DateTimeOffset? NextFor(LogoutNotice notice)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(notice.Attempts, 20));
        var next = clock.GetUtcNow() + (pause < LongestPause ? pause : LongestPause);
        return next - notice.QueuedAt <= options.Value.GiveUpAfter || notice.Attempts + 1 < LeastAttempts ? next : null;
    }

    private async Task<T> WithNoticesAsync<T>(Func<LogoutNotices, Task<T>> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<LogoutNotices>());
    }

    private async Task WithNoticesAsync(Func<LogoutNotices, Task> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<LogoutNotices>());
    }

    [LoggerMessage(2602, LogLevel.Information, "Told {ClientId} that a session is over: {Status}.")]
    private partial void Told(string clientId, int status);

    [LoggerMessage(
        2603,
        LogLevel.Warning,
        "Could not tell {ClientId} that a session is over, attempt {Attempt}: {Answer}."
    )]
    private partial void NotTold(string clientId, int attempt, string answer);

    [LoggerMessage(
        2604,
        LogLevel.Error,
        "Gave up telling {ClientId} that a session is over after {Attempts} attempts: {Answer}."
    )]
    private partial void GivenUp(string clientId, int attempts, string answer);
}
