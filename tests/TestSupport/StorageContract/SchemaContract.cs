using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>The migrations make the schema that the entities need.</summary>
public abstract class SchemaContract : StorageContract
{
    [Fact]
    public async Task The_entities_have_not_changed_since_the_last_migration()
    {
        Assert.False(await Server.InDatabaseAsync(db => Task.FromResult(db.Database.HasPendingModelChanges())));
    }

    [Fact]
    public async Task A_database_that_is_up_to_date_is_left_alone()
    {
        var schema = Server.Services.GetRequiredService<Schema>();

        var pending = await schema.PendingAsync(CancellationToken.None);
        var applied = await schema.MigrateAsync(CancellationToken.None);

        Assert.Empty(pending);
        Assert.Empty(applied);
    }

    [Fact]
    public async Task Servers_that_start_at_once_on_an_empty_database_all_start()
    {
        await using var database = await CreateEmptyDatabaseAsync();

        var servers = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => AuthServerFixture.StartAsync(database: database))
        );

        foreach (var server in servers)
        {
            Assert.Empty(await server.Services.GetRequiredService<Schema>().PendingAsync(CancellationToken.None));
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Every_table_can_be_read()
    {
        var rows = await Server.InDatabaseAsync(async db =>
            await db.Accounts.CountAsync()
            + await db.AccountIdentifiers.CountAsync()
            + await db.PreviousEmails.CountAsync()
            + await db.Sessions.CountAsync()
            + await db.LogInThrottles.CountAsync()
            + await db.ClientSecrets.CountAsync()
            + await db.Applications.CountAsync()
            + await db.Authorizations.CountAsync()
            + await db.Scopes.CountAsync()
            + await db.Tokens.CountAsync()
        );
        // The server may be making its first signing keys at this moment, and that is audited.
        var keys = await Server.InDatabaseAsync(async db =>
            await db.SigningKeys.CountAsync() + await db.AuditEvents.CountAsync()
        );

        Assert.Equal(0, rows);
        Assert.InRange(keys, 0, 4);
    }

    /// <summary>A database with nothing in it, so that the migrations have to make all of it.</summary>
    protected abstract Task<TestDatabase> CreateEmptyDatabaseAsync();

    protected override Task<TestDatabase> CreateDatabaseAsync() => CreateEmptyDatabaseAsync();
}
