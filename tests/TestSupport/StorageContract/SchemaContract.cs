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
    public async Task Every_table_can_be_read()
    {
        var rows = await Server.InDatabaseAsync(async db =>
            await db.Accounts.CountAsync() + await db.AccountIdentifiers.CountAsync() + await db.PreviousEmails.CountAsync()
            + await db.Sessions.CountAsync() + await db.Consents.CountAsync() + await db.LogInThrottles.CountAsync()
            + await db.Clients.CountAsync() + await db.ClientSecrets.CountAsync() + await db.Grants.CountAsync());
        // The server may be making its first signing keys at this moment, and that is audited.
        var keys = await Server.InDatabaseAsync(async db => await db.SigningKeys.CountAsync() + await db.AuditEvents.CountAsync());

        Assert.Equal(0, rows);
        Assert.InRange(keys, 0, 4);
    }
}
