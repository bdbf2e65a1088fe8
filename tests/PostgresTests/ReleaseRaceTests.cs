using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Cases;
using Recovery.Cases.Release;
using Recovery.ResetLinks;
using TestSupport;

namespace PostgresTests;

/// <summary>
/// A case is released in the moment in which an older link of the account is used: both change the account and its
/// links, and neither must ever wait for the other in a circle.
/// </summary>
public sealed class ReleaseRaceTests : IAsyncLifetime
{
    private const int Rounds = 1_000;
    private const int AtOnce = 4;

    private TestDatabase? _database;
    private AuthServerFixture? _server;

    private AuthServerFixture Server => _server ?? throw new InvalidOperationException("The test has not started.");

    public async Task InitializeAsync()
    {
        _database = await PostgresTestDatabase.NewAsync();
        _server = await AuthServerFixture.StartAsync(
            new FixedClock(),
            _database,
            settings: new Dictionary<string, string?>
            {
                ["Limits:Hashing:AtOnce"] = "2",
                ["Mail:Interval"] = "00:10:00",
            }
        );
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        await _database!.DisposeAsync();
    }

    [Fact]
    public async Task A_release_and_the_use_of_an_older_link_never_hold_each_other_up()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, AtOnce)
                .Select(worker =>
                    Task.Run(async () =>
                    {
                        var held = $"held{worker}@example.test";
                        var account = await Server.Given.AccountAsync(more: a =>
                            (a.Email, a.EmailVerified) = (held, true)
                        );
                        for (var round = 0; round < Rounds / AtOnce; round++)
                        {
                            var (caseId, token) = await BeginAsync(account.Id, held, $"new{worker}@example.test");

                            await Task.WhenAll(
                                Server.InScopeAsync(services =>
                                    services
                                        .GetRequiredService<ReleaseCase>()
                                        .ReleaseAsync(caseId, Server.Now, CancellationToken.None)
                                ),
                                Server.InScopeAsync(services =>
                                    services
                                        .GetRequiredService<LinkRedeemer>()
                                        .RedeemAsync(token, Forgotten.NewPassword, null, CancellationToken.None)
                                )
                            );
                        }
                    })
                )
        );

        Assert.DoesNotContain(Server.Log.Lines, line => line.Text.Contains("40P01", StringComparison.Ordinal));
    }

    /// <summary>
    /// The account has its old address again, a link that was sent there, and a case whose waiting time is over.
    /// </summary>
    private Task<(Guid CaseId, string Token)> BeginAsync(Guid accountId, string held, string proved) =>
        Server.InDatabaseAsync(async db =>
        {
            var (token, hash) = ResetToken.New();
            var support = StaffDesk.NewCase(Server.Now, newEmail: proved);
            (support.State, support.AccountId, support.ReleaseAt) = (CaseState.Approved, accountId, Server.Now);
            await db.ResetLinks.Where(l => l.AccountId == accountId).ExecuteDeleteAsync();
            await db.AccountIdentifiers.Where(i => i.Normalized == proved || i.Normalized == held).ExecuteDeleteAsync();
            await db
                .Accounts.Where(a => a.Id == accountId)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(a => a.Email, held)
                        .SetProperty(a => a.EmailNormalized, held)
                        .SetProperty(a => a.EmailVerified, true)
                );
            var stamp = await db.Accounts.Where(a => a.Id == accountId).Select(a => a.SecurityStamp).SingleAsync();
            db.SupportCases.Add(support);
            db.ResetLinks.Add(
                new ResetLink
                {
                    Id = Guid.NewGuid(),
                    AccountId = accountId,
                    Purpose = LinkPurpose.Reset,
                    TokenHash = hash,
                    SentTo = held,
                    Generation = 1,
                    SecurityStamp = stamp,
                    CreatedAt = Server.Now,
                    ExpiresAt = Server.Now.AddHours(1),
                }
            );
            await db.SaveChangesAsync();
            return (support.Id, token);
        });
}
