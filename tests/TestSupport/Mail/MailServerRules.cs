using System.Buffers;
using System.Collections.Concurrent;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace TestSupport.Mail;

/// <summary>
/// What the mail server does with a message; it depends on the local part of the recipient's address:
/// <c>nobody</c> and <c>relay</c> 550 to RCPT, <c>busy</c> 451 to RCPT, <c>spam</c> 554 and <c>full</c> 452 after the
/// dot, <c>lost</c> takes it and hangs up without an answer, <c>hold</c> takes it and answers when it is told to.
/// </summary>
internal sealed class MailServerRules(bool tls, string? username, string? password, string? withoutMechanism, bool utf8)
    : IMailboxFilter,
        IMessageStore,
        IUserAuthenticator
{
    /// <summary>The name that we greeted with, among the properties of a session.</summary>
    public const string HelloProperty = "hello";

    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<TakenMail> Taken { get; } = new();

    public bool WantsLogIn => username is not null;

    public void Answer() => _answer.TrySetResult();

    /// <returns>A line of the reply to EHLO, or null when it is left out.</returns>
    public string? Offered(string extension) =>
        extension switch
        {
            "SMTPUTF8" when !utf8 => null,
            ['A', 'U', 'T', 'H', ..] when !WantsLogIn => null,
            ['A', 'U', 'T', 'H', ..] when withoutMechanism is not null => extension.Replace(
                $" {withoutMechanism}",
                "",
                StringComparison.Ordinal
            ),
            _ => extension,
        };

    public Task<bool> AuthenticateAsync(ISessionContext context, string user, string word, CancellationToken ct) =>
        Task.FromResult((user, word) == (username, password));

    public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken ct) =>
        tls && !context.Pipe.IsSecure ? throw Refusal(530, "5.7.0 begin TLS first") : Task.FromResult(true);

    public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken ct) =>
        to.User switch
        {
            "nobody" => throw Refusal(550, "5.1.1 <nobody@example.test> is unknown here"),
            "relay" => throw Refusal(550, "5.7.1 relaying denied"),
            "busy" => throw Refusal(451, "4.7.1 greylisted, come back later"),
            _ => Task.FromResult(true),
        };

    public async Task<SmtpResponse> SaveAsync(
        ISessionContext context,
        IMessageTransaction transaction,
        ReadOnlySequence<byte> buffer,
        CancellationToken ct
    )
    {
        var to = transaction.To[0];
        if (to.User == "spam")
        {
            return new SmtpResponse(SmtpReplyCode.TransactionFailed, "5.6.0 not such a message");
        }

        if (to.User == "full")
        {
            return new SmtpResponse((SmtpReplyCode)452, "4.2.2 mailbox full");
        }

        Taken.Enqueue(TakenMail.Read(context, transaction, buffer.ToArray()));
        if (to.User == "lost")
        {
            context.Pipe.Dispose();
        }

        if (to.User == "hold")
        {
            await _answer.Task.WaitAsync(ct);
        }

        return new SmtpResponse(SmtpReplyCode.Ok, $"2.0.0 taken for <{to.User}@{to.Host}>");
    }

    // The package adds words of its own to a refusal, unless it hangs up after it.
    private static SmtpResponseException Refusal(int code, string text) =>
        new(new SmtpResponse((SmtpReplyCode)code, text), quit: true);
}

/// <summary>The commands of the mail server, with its own reply to EHLO.</summary>
internal sealed class MailServerCommands(MailServerRules rules) : SmtpCommandFactory
{
    public override SmtpCommand CreateEhlo(string domainOrAddress) => new Hello(domainOrAddress, rules);

    private sealed class Hello(string name, MailServerRules rules) : EhloCommand(name)
    {
        protected override IEnumerable<string> GetExtensions(ISessionContext context)
        {
            context.Properties[MailServerRules.HelloProperty] = DomainOrAddress;
            return base.GetExtensions(context).Select(rules.Offered).OfType<string>();
        }
    }
}
