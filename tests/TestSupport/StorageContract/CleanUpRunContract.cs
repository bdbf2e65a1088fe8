using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.CleanUp;
using Recovery.Ports;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>One run of the clean-up: batches, time, failures, what it tells.</summary>
public abstract class CleanUpRunContract : CleanedRowsContract
{
    [Fact]
    public async Task Ten_thousand_dead_rows_go_in_many_batches_of_one_run()
    {
        // All of one instant, as after an import: the instant alone does not say where a batch ended.
        await AddAsync([.. Enumerable.Range(0, 5_000).Select(i => Link($"{i}", expires: Now.AddDays(-8)))]);
        await AddAsync([
            .. Enumerable.Range(0, 5_000).Select(i => Link($"{i}", expires: Now.AddDays(-9).AddSeconds(i))),
        ]);

        var report = await RunAsync();

        Assert.True(report.Finished);
        Assert.Equal(10_000, report.Removed["reset-links"]);
        Assert.Equal(0, await Server.InDatabaseAsync(db => db.ResetLinks.CountAsync()));
    }

    [Fact]
    public async Task A_run_whose_time_is_up_leaves_the_rest_to_the_next_and_no_kind_waits_for_another()
    {
        await AddAsync([.. Enumerable.Range(0, 500).Select(i => Link($"{i}", expires: Now.AddDays(-8)))]);
        await AddAsync([.. Enumerable.Range(0, 3).Select(i => Count($"{i}", 1, Now.AddDays(-31)))]);
        await using var server = await AuthServerFixture.StartAsync(
            new FixedClock(),
            Server.Database,
            // Nobody else is there to be left time to.
            settings: new Dictionary<string, string?> { ["CleanUp:Share"] = "1" },
            configure: builder => builder.Services.AddScoped<ICleanedRows, FourMinutes>()
        );
        var run = server.Services.GetRequiredService<CleanUpRun>();

        var first = await run.RunAsync(CancellationToken.None);
        var left = await Server.InDatabaseAsync(db => db.ResetLinks.CountAsync());
        var second = await RunAsync();

        Assert.False(first.Finished); // the three turns of four minutes are more than ten
        Assert.Equal(3, first.Removed["throttles"]);
        Assert.InRange(left, 1, 499);
        Assert.Equal((500 - left, left), (first.Removed["reset-links"], second.Removed["reset-links"]));
        Assert.True(second.Finished);
    }

    [Fact]
    public async Task A_kind_that_cannot_be_cleaned_does_not_keep_the_others_from_it()
    {
        await AddAsync(Link("dead", expires: Now.AddDays(-8)));
        await using var server = await AuthServerFixture.StartAsync(
            new FixedClock(),
            Server.Database,
            configure: builder => builder.Services.AddScoped<ICleanedRows, OutOfOrder>()
        );

        var report = await server.Services.GetRequiredService<CleanUpRun>().RunAsync(CancellationToken.None);

        Assert.Equal(1, report.Removed["reset-links"]);
        Assert.Single(
            server.Log.Lines,
            line => line.Id == 3202 && line.Text.Contains("out-of-order", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_was_removed_is_on_the_meter()
    {
        await AddAsync(Link("dead", expires: Now.AddDays(-8)), Link("dead-too", expires: Now.AddDays(-8)));
        var removed = new List<(long Rows, object? What)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (
                    instrument.Name == "recovery.clean_up.removed"
                    && instrument.Meter.Scope == Server.Services.GetRequiredService<IMeterFactory>()
                )
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, rows, tags, _) => removed.Add((rows, tags[0].Value)));
        listener.Start();

        await RunAsync();

        Assert.Contains((2, "reset-links"), removed);
    }

    /// <summary>Rows of a host's own, of which there are always more, and which take their time.</summary>
    private sealed class FourMinutes(TimeProvider clock) : ICleanedRows
    {
        public string What => "slow";

        public Task<CleanedBatch> RemoveAsync(DateTimeOffset from, int most, CancellationToken cancellationToken)
        {
            ((FixedClock)clock).Advance(TimeSpan.FromMinutes(4));
            return Task.FromResult(new CleanedBatch(most, most, from));
        }
    }

    private sealed class OutOfOrder : ICleanedRows
    {
        public string What => "out-of-order";

        public Task<CleanedBatch> RemoveAsync(DateTimeOffset from, int most, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("The table is gone.");
    }
}
