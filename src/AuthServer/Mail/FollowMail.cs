namespace AuthServer.Mail;

/// <summary>
/// Asks what became of messages that were taken, where the other side can tell: whether each is in its mailbox or came
/// back. Any number of processes may ask; each question is taken up by one. A process that dies with a question leaves
/// it to the next time.
/// </summary>
internal sealed partial class FollowMail(
    IServiceScopeFactory scopes,
    IMailTransport transport,
    MailMeters meters,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<FollowMail> logger
)
{
    /// <summary>How many are read at a time.</summary>
    private const int Batch = 50;

    /// <summary>How many are asked about at the same time.</summary>
    private const int AtOnce = 4;

    /// <summary>Asks until there is nothing to ask now, there is no answer, or the server stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            lifetime.ApplicationStopping
        );
        var silent = false;
        List<OutboxMessage> due;
        do
        {
            due = await WithQuestionsAsync(questions => questions.ToAskAboutAsync(Batch, stop.Token));
            await Parallel.ForEachAsync(
                due,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                async (message, _) =>
                {
                    if (
                        !Volatile.Read(ref silent)
                        && !stop.IsCancellationRequested
                        && !await AskAsync(message, stop.Token)
                    )
                    {
                        Volatile.Write(ref silent, true); // the rest is asked about at the next look
                    }
                }
            );
        } while (due.Count == Batch && !silent && !stop.IsCancellationRequested);
    }

    /// <returns>False when there was no answer.</returns>
    private async Task<bool> AskAsync(OutboxMessage message, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var next = AskSchedule.Next(message.SettledAt ?? message.QueuedAt, now);
        if (
            !await WithQuestionsAsync(questions =>
                questions.TakeQuestionAsync(message, next ?? now + AskSchedule.Longest, stop)
            )
        )
        {
            return true;
        }

        DeliveryReport report;
        try
        {
            report = transport is IDeliveryReports reports
                ? await reports.ReportAsync(message.Id, stop)
                : new DeliveryReport.NeverHeardOf("Mail goes another way now: nobody can be asked.");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }

        await KeepAsync(message, report, isLast: next is null);
        return report is not DeliveryReport.NoAnswer;
    }

    private async Task KeepAsync(OutboxMessage message, DeliveryReport report, bool isLast)
    {
        switch (report)
        {
            case DeliveryReport.Delivered:
                await DoAsync(questions => questions.EndedWellAsync(message.Id, MailState.Delivered, report.Answer));
                meters.Ended(message.Kind, "delivered");
                break;
            case DeliveryReport.Bounced:
                await DoAsync(questions => questions.BouncedAsync(message.Id, report.Answer));
                meters.Ended(message.Kind, "bounced");
                Bounced(message.Id, message.Kind);
                break;
            case DeliveryReport.NeverHeardOf:
                await DoAsync(questions => questions.EndedWellAsync(message.Id, MailState.Accepted, report.Answer));
                break;
            default:
                if (isLast)
                {
                    await DoAsync(questions =>
                        questions.EndedWellAsync(
                            message.Id,
                            MailState.Accepted,
                            "It was never said whether it was delivered."
                        )
                    );
                }

                if (report is DeliveryReport.NoAnswer)
                {
                    NoAnswer(message.Id);
                }

                break;
        }
    }

    private async Task DoAsync(Func<DeliveryQuestions, Task> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<DeliveryQuestions>());
    }

    private async Task<T> WithQuestionsAsync<T>(Func<DeliveryQuestions, Task<T>> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<DeliveryQuestions>());
    }

    [LoggerMessage(6111, LogLevel.Warning, "Message {MessageId} ({Kind}) came back; staff can send it again.")]
    private partial void Bounced(Guid messageId, string kind);

    [LoggerMessage(
        6112,
        LogLevel.Warning,
        "It could not be found out what became of message {MessageId}; it is asked again."
    )]
    private partial void NoAnswer(Guid messageId);
}
