using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

/// <summary>
/// Takes up the messages that are due and hands them over, a few at a time. A message is never sent twice, with one
/// exception: when a mail server that cannot be asked took it and the answer was lost on the way, it is sent again with
/// the same <c>Message-ID</c> (RFC 5321 §6.1 wants that).
/// </summary>
/// <remarks>
/// A process that dies between the hand-over and the mark leaves its message in <see cref="MailState.HandingOver"/>.
/// When the claim has run out the transport is asked what became of it: a folder and GOV.UK Notify know, and the
/// message is marked or sent. A mail server does not: then it is not sent again by itself but shown to staff as
/// <see cref="MailState.Unknown"/>, who can; the window is the time from the mark before its bytes to the mark after the reply.
/// </remarks>
internal sealed partial class SendMail(
    IServiceScopeFactory scopes,
    IMailTransport transport,
    MailSeal seal,
    MailMeters meters,
    IHostApplicationLifetime lifetime,
    IOptions<MailOptions> options,
    TimeProvider clock,
    ILogger<SendMail> logger
)
{
    /// <summary>How many are read at a time.</summary>
    private const int Batch = 50;

    /// <summary>
    /// How often a mark is tried, for 45 seconds: a database that changes its machine is back by then. After that it is
    /// left to whoever finds the message handed over.
    /// </summary>
    private const int MarkAttempts = 10;

    /// <summary>Sends until nothing is due, the other side is down, or the server stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            lifetime.ApplicationStopping
        );
        var work = new ParallelOptions { MaxDegreeOfParallelism = options.Value.AtOnce };
        var interrupted = await WithOutboxAsync(outbox => outbox.InterruptedAsync(Batch, stop.Token));
        await Parallel.ForEachAsync(interrupted, work, async (message, _) => await SettleAsync(message, stop.Token));

        var down = false;
        List<OutboxMessage> due;
        do
        {
            due = await WithOutboxAsync(outbox => outbox.DueAsync(Batch, stop.Token));
            await Parallel.ForEachAsync(
                due,
                work,
                async (message, _) =>
                {
                    if (
                        !Volatile.Read(ref down)
                        && !stop.IsCancellationRequested
                        && !await SendAsync(message, stop.Token)
                    )
                    {
                        // The rest stays due: the next run tries one, and all when it gets through.
                        Volatile.Write(ref down, true);
                    }
                }
            );
        } while (due.Count == Batch && !down && !stop.IsCancellationRequested);

        meters.OldestWaiting = await WithOutboxAsync(outbox => outbox.OldestWaitingAsync(stop.Token));
    }

    /// <returns>False when no other message would get through now.</returns>
    private async Task<bool> SendAsync(OutboxMessage message, CancellationToken stop)
    {
        if (await WithOutboxAsync(outbox => outbox.ClaimAsync(message, stop)) is not { } claim)
        {
            return true;
        }

        if (await WithOutboxAsync(outbox => outbox.WhyUselessAsync(claim, stop)) is { } useless)
        {
            await MarkAsync(claim, outbox => outbox.ExpiredAsync(claim, useless));
            meters.Ended(message.Kind, "expired");
            Expired(message.Id, message.Kind, claim.Attempt);
            return true;
        }

        var handedOver = false;
        Delivery delivery;
        try
        {
            delivery = await transport.SendAsync(
                Open(message),
                async () =>
                    handedOver = await WithOutboxAsync(outbox => outbox.HandOverAsync(claim, transport.AnswerTimeout)),
                stop
            );
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !handedOver)
        {
            await WithOutboxAsync(outbox => outbox.ReleaseAsync(claim));
            return false;
        }
        catch (Exception failure)
        {
            // A fault of ours with one message must not keep the others: keys that are lost, say.
            Broken(message.Id, message.Kind, failure);
            var answer = $"This server could not send it: {failure.GetType().Name}.";
            delivery = handedOver ? new Delivery.AnswerLost(answer) : new Delivery.TryAgain(answer);
        }

        // Outside of the try: whatever goes wrong with writing it down, an answer that we have is not a lost one.
        await KeepAsync(claim, delivery);
        return delivery is not Delivery.TryAgain { Down: true };
    }

    private async Task KeepAsync(MailClaim claim, Delivery delivery)
    {
        switch (delivery)
        {
            case Delivery.Accepted accepted:
                await AcceptAsync(claim, accepted.Answer);
                break;
            case Delivery.TryAgain again:
                await PostponeAsync(claim, again.Answer);
                break;
            case Delivery.Refused refused:
                await MarkAsync(claim, outbox => outbox.FailedAsync(claim, MailState.Refused, refused.Answer));
                meters.Ended(claim.Message.Kind, "refused");
                Refused(claim.Message.Id, claim.Message.Kind, CodeOf(refused.Answer));
                break;
            case Delivery.AnswerLost lost:
                AnswerLost(claim.Message.Id, claim.Message.Kind);
                await FindOutAsync(claim, lost.Answer, alive: true, CancellationToken.None);
                break;
            case Delivery.TakenBack:
                break;
            default:
                throw new InvalidOperationException($"An attempt ended in {delivery.GetType()}.");
        }
    }

    /// <summary>Finds out what became of a message whose sender died while it handed it over.</summary>
    private async Task SettleAsync(OutboxMessage message, CancellationToken stop)
    {
        if (
            !stop.IsCancellationRequested
            && await WithOutboxAsync(outbox => outbox.ClaimAsync(message, stop)) is { } claim
        )
        {
            await FindOutAsync(
                claim,
                message.LastAnswer ?? "The server stopped while it handed this over.",
                alive: false,
                stop
            );
        }
    }

    /// <param name="alive">True when this process handed it over itself, and knows that no answer came.</param>
    private async Task FindOutAsync(MailClaim claim, string answer, bool alive, CancellationToken cancellationToken)
    {
        switch (await AskAsync(claim.Message, cancellationToken))
        {
            case Whereabouts.Arrived:
                await AcceptAsync(claim, "It arrived; its answer was lost.");
                break;
            case Whereabouts.NeverArrived:
                await PostponeAsync(claim, answer);
                break;
            case Whereabouts.NobodyKnows when alive:
                await PostponeAsync(claim, answer + " It may have arrived, and is sent again.");
                break;
            case Whereabouts.AskLater when NextFor(claim) is { } next:
                await MarkAsync(claim, outbox => outbox.AskAgainAsync(claim, next, answer));
                break;
            default:
                await MarkAsync(
                    claim,
                    outbox => outbox.FailedAsync(claim, MailState.Unknown, answer + " Nobody knows whether it arrived.")
                );
                meters.Ended(claim.Message.Kind, "unknown");
                Unknown(claim.Message.Id, claim.Message.Kind);
                break;
        }
    }

    private async Task<Whereabouts> AskAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return await transport.AskAsync(Open(message), cancellationToken);
        }
        catch (Exception failure)
        {
            Broken(message.Id, message.Kind, failure);
            return Whereabouts.AskLater;
        }
    }

    private async Task AcceptAsync(MailClaim claim, string answer)
    {
        DateTimeOffset? askAt = transport is IDeliveryReports ? clock.GetUtcNow() + AskSchedule.First : null;
        await MarkAsync(claim, outbox => outbox.AcceptedAsync(claim, answer, askAt));
        meters.Accepted(claim.Message.Kind, clock.GetUtcNow() - claim.Message.QueuedAt);
        Accepted(claim.Message.Id, claim.Message.Kind, claim.Attempt);
    }

    private async Task PostponeAsync(MailClaim claim, string answer)
    {
        if (NextFor(claim) is { } next)
        {
            await MarkAsync(claim, outbox => outbox.TryAgainAsync(claim, next, answer));
            meters.Ended(claim.Message.Kind, "retried");
            Postponed(claim.Message.Id, claim.Message.Kind, claim.Attempt, next, CodeOf(answer));
        }
        else
        {
            await MarkAsync(claim, outbox => outbox.FailedAsync(claim, MailState.Dead, answer));
            meters.Ended(claim.Message.Kind, "dead");
            Dead(claim.Message.Id, claim.Message.Kind, claim.Attempt, CodeOf(answer));
        }
    }

    private DateTimeOffset? NextFor(MailClaim claim) =>
        RetrySchedule.Next(
            claim.Message.QueuedAt,
            claim.Attempt,
            clock.GetUtcNow(),
            RandomNumberGenerator.GetInt32(1001) / 1000.0,
            options.Value
        );

    /// <summary>
    /// A mark that is lost would make somebody send it again, or wonder: a database that is away for a moment is waited
    /// for.
    /// </summary>
    private async Task MarkAsync(MailClaim claim, Func<Outbox, Task> mark)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await WithOutboxAsync(mark);
                return;
            }
            catch (Exception failure)
                when (failure is DbException or TimeoutException || failure.InnerException is DbException)
            {
                // What passes comes wrapped: EF Core says that it may be worth another try.
                NotMarked(claim.Message.Id, attempt, failure);
                if (attempt == MarkAttempts)
                {
                    return; // found again when the claim has run out
                }

                await Task.Delay(TimeSpan.FromSeconds(attempt), clock);
            }
        }
    }

    private OutgoingMail Open(OutboxMessage message) =>
        new(
            message.Id,
            message.Kind,
            message.MessageId,
            message.To,
            message.Subject,
            message.QueuedAt,
            seal.Open(
                message.SealedBody ?? throw new InvalidOperationException($"Message {message.Id} has no words."),
                message.MessageId
            )
        );

    private async Task<T> WithOutboxAsync<T>(Func<Outbox, Task<T>> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<Outbox>());
    }

    private async Task WithOutboxAsync(Func<Outbox, Task> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<Outbox>());
    }

    // The words after the code are the other side's, and may hold anything.
    private static string CodeOf(string answer) => answer is [>= '2' and <= '5', _, _, ' ', ..] ? answer[..3] : "none";

    [LoggerMessage(6102, LogLevel.Information, "Message {MessageId} ({Kind}) was accepted at attempt {Attempt}.")]
    private partial void Accepted(Guid messageId, string kind, int attempt);

    [LoggerMessage(
        6103,
        LogLevel.Warning,
        "Message {MessageId} ({Kind}) did not get through at attempt {Attempt}; the next is at {Next:O}. Reply code {Code}."
    )]
    private partial void Postponed(Guid messageId, string kind, int attempt, DateTimeOffset next, string code);

    [LoggerMessage(6104, LogLevel.Warning, "Message {MessageId} ({Kind}) was refused for good. Reply code {Code}.")]
    private partial void Refused(Guid messageId, string kind, string code);

    [LoggerMessage(
        6105,
        LogLevel.Error,
        "Message {MessageId} ({Kind}) was given up after {Attempt} attempts; staff can send it again. Reply code {Code}."
    )]
    private partial void Dead(Guid messageId, string kind, int attempt, string code);

    [LoggerMessage(6106, LogLevel.Warning, "The answer to message {MessageId} ({Kind}) was lost.")]
    private partial void AnswerLost(Guid messageId, string kind);

    [LoggerMessage(
        6107,
        LogLevel.Error,
        "Nobody knows whether message {MessageId} ({Kind}) arrived: the server stopped while it handed it over. Staff can send it again."
    )]
    private partial void Unknown(Guid messageId, string kind);

    [LoggerMessage(6108, LogLevel.Error, "Message {MessageId} ({Kind}) could not be sent.")]
    private partial void Broken(Guid messageId, string kind, Exception failure);

    [LoggerMessage(
        6113,
        LogLevel.Warning,
        "Message {MessageId} ({Kind}) was not sent at attempt {Attempt}: its links had stopped working while it waited."
    )]
    private partial void Expired(Guid messageId, string kind, int attempt);

    [LoggerMessage(
        6109,
        LogLevel.Error,
        "What became of message {MessageId} could not be written down, attempt {Attempt}."
    )]
    private partial void NotMarked(Guid messageId, int attempt, Exception failure);
}
