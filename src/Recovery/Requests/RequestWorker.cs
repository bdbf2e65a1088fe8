using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Recovery.Requests;

/// <summary>
/// Answers requests one after the other: at once when somebody asks this process, and now and then for those that
/// another process took up and did not finish. A request is a row, so it survives a crash.
/// </summary>
internal sealed partial class RequestWorker(
    IServiceScopeFactory scopes,
    RequestSignal signal,
    ILogger<RequestWorker> logger
) : BackgroundService
{
    /// <summary>How long a request may lie that nobody was woken for.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                // The wait comes first: a server that starts has people to answer.
                await signal.WaitAsync(LookEvery, stoppingToken);
                await AnswerAllAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops. What is under way is rolled back, and taken up again.
        }
    }

    private async Task AnswerAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            bool more;
            do
            {
                await using var scope = scopes.CreateAsyncScope();
                more = await scope
                    .ServiceProvider.GetRequiredService<AnswerRequest>()
                    .AnswerNextAsync(cancellationToken);
            } while (more);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(failure);
        }
    }

    [LoggerMessage(
        3002,
        LogLevel.Error,
        "A request for forgotten details could not be answered; it will be tried again."
    )]
    private partial void Failed(Exception failure);
}
