using AuthServer.Data;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace UnitTests.AuthServer.Data;

public sealed class DatabaseOutageTests
{
    [Theory]
    [InlineData(5)] // SQLITE_BUSY
    [InlineData(6)] // SQLITE_LOCKED
    [InlineData(8)] // SQLITE_READONLY
    [InlineData(10)] // SQLITE_IOERR
    [InlineData(13)] // SQLITE_FULL
    [InlineData(14)] // SQLITE_CANTOPEN
    public void A_file_that_cannot_be_used_is_an_outage(int code) =>
        Assert.True(
            DatabaseOutage.Caused(new InvalidOperationException("in a save", new SqliteException("it failed", code)))
        );

    [Theory]
    [InlineData("25006")] // read_only_sql_transaction
    [InlineData("53100")] // disk_full
    [InlineData("53300")] // too_many_connections
    [InlineData("57P01")] // admin_shutdown
    [InlineData("57P03")] // cannot_connect_now
    [InlineData("58030")] // io_error
    public void A_server_that_cannot_be_used_is_an_outage(string state) =>
        Assert.True(DatabaseOutage.Caused(new PostgresException("it failed", "ERROR", "ERROR", state)));

    [Fact]
    public void A_rule_of_the_database_that_we_broke_is_a_bug()
    {
        Assert.False(DatabaseOutage.Caused(new SqliteException("it failed", 19))); // SQLITE_CONSTRAINT
        // unique_violation
        Assert.False(DatabaseOutage.Caused(new PostgresException("it failed", "ERROR", "ERROR", "23505")));
        Assert.False(DatabaseOutage.Caused(new InvalidOperationException("it failed")));
    }
}
