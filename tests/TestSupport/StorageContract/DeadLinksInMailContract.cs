using System.Security.Cryptography;
using AuthServer.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Ports;
using Recovery.ResetLinks;
using TestSupport.Mail;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>A mail that waits for a mail server that is busy, while the links in it die.</summary>
public abstract class DeadLinksInMailContract : StorageContract
{
    private MailServer? _smtp;

    protected override IReadOnlyDictionary<string, string?>? Settings => _smtp?.Settings;

    public override async Task InitializeAsync()
    {
        _smtp = await MailServer.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_smtp is not null)
        {
            await _smtp.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_mail_whose_links_have_expired_while_it_waited_is_not_sent_and_staff_see_it()
    {
        var id = await Server.QueueAsync(
            "busy@example.test",
            new RecoveryMessage.Invitation(
                "Anna",
                "anna1234",
                "https://auth.example.test/reset-password/x",
                Server.Now.AddMinutes(30)
            )
        );
        await AnsweredAsync(id);

        Server.Clock.Advance(TimeSpan.FromMinutes(31));
        await Server.Mailbox.SendAsync();

        var expired = await Server.RowAsync(id);
        var listed = Assert.Single(await MessengerAsync(m => m.UndeliveredAsync(0, 10, default)));
        Assert.Equal((MailState.Expired, null), (expired.State, expired.SealedBody));
        Assert.Equal(
            (MessageState.Expired, false, "Not sent: the links in it had expired."),
            (listed.State, listed.CanBeSentAgain, listed.Detail)
        );
        Assert.False(await MessengerAsync(m => m.ResendAsync(id, default)));
        Assert.Contains(Server.Log.Lines, line => line.Id == 6113);
        Server.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Empty(await MessengerAsync(m => m.UndeliveredAsync(0, 10, default)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_mail_whose_links_were_voided_between_two_attempts_is_not_sent(bool voided)
    {
        var account = await Server.Given.AccountAsync();
        var hash = SHA256.HashData("token"u8);
        await Server.InDatabaseAsync(db =>
        {
            db.ResetLinks.Add(
                new ResetLink
                {
                    Id = Guid.NewGuid(),
                    AccountId = account.Id,
                    Purpose = LinkPurpose.Activation,
                    TokenHash = hash,
                    SentTo = "busy@example.test",
                    Generation = 1,
                    SecurityStamp = Guid.NewGuid(),
                    CreatedAt = Server.Now,
                    ExpiresAt = Server.Now.AddDays(7),
                }
            );
            return db.SaveChangesAsync();
        });
        var id = await Server.QueueAsync(
            "busy@example.test",
            new RecoveryMessage.Invitation(
                "Anna",
                "anna1234",
                "https://auth.example.test/reset-password/x",
                Server.Now.AddDays(7)
            ),
            new MessageSubject(account.Id, linkHash: hash)
        );
        await AnsweredAsync(id);
        if (voided)
        {
            await Server.InDatabaseAsync(db =>
                db.ResetLinks.ExecuteUpdateAsync(set => set.SetProperty(l => l.VoidedAt, Server.Now))
            );
        }

        Server.Clock.Advance(TimeSpan.FromMinutes(31));
        await Server.Mailbox.SendAsync();

        var row = await Server.RowAsync(id);
        Assert.Equal(voided ? MailState.Expired : MailState.Queued, row.State);
    }

    private Task<T> MessengerAsync<T>(Func<IRecoveryMessenger, Task<T>> act) =>
        Server.InScopeAsync(services => act(services.GetRequiredService<IRecoveryMessenger>()));

    /// <summary>The mail server has answered the first attempt.</summary>
    private Task AnsweredAsync(Guid id) =>
        Eventually.BecomesTrueAsync(
            async () =>
            {
                await Server.Mailbox.SendAsync();
                return await Server.RowAsync(id) is { LastAnswer: not null, ClaimedUntil: null };
            },
            Server.Log.ToString
        );
}
