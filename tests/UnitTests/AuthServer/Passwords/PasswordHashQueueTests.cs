using System.Diagnostics.Metrics;
using AuthServer.Passwords;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace UnitTests.AuthServer.Passwords;

public sealed class PasswordHashQueueTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    [Fact]
    public void Who_finds_the_queue_full_is_sent_away_until_somebody_leaves()
    {
        using var hashes = Queue(atOnce: 1, queue: 2);
        using var first = hashes.TryEnter();
        using var second = hashes.TryEnter();
        var third = hashes.TryEnter();

        Assert.NotNull(first);
        Assert.NotNull(second);
        Assert.NotNull(third);
        Assert.Null(hashes.TryEnter());
        third.Dispose();
        third.Dispose();
        using var next = hashes.TryEnter();
        Assert.NotNull(next);
        Assert.Null(hashes.TryEnter());
    }

    [Fact]
    public async Task No_more_are_hashed_at_a_time_than_there_are_slots_and_the_rest_are_seen_to_wait()
    {
        using var hashes = Queue(atOnce: 2, queue: 6);
        using var gate = new SemaphoreSlim(0);
        using var begun = new CountdownEvent(2);
        var (running, most) = (0, 0);
        var places = Enumerable.Range(0, 8).Select(_ => hashes.TryEnter()).OfType<PasswordHashQueue.Place>().ToList();

        var work = places
            .Select(place =>
                place.RunAsync(
                    () =>
                    {
                        most = Math.Max(most, Interlocked.Increment(ref running));
                        if (!begun.IsSet)
                        {
                            begun.Signal();
                        }

                        gate.Wait();
                        return Interlocked.Decrement(ref running);
                    },
                    CancellationToken.None
                )
            )
            .ToList();
        begun.Wait();
        var waiting = Waiting();
        gate.Release(8);
        await Task.WhenAll(work);

        Assert.Equal(8, places.Count);
        Assert.Equal(2, most);
        Assert.Equal(6, waiting);
        Assert.Equal(0, Waiting());
    }

    [Fact]
    public async Task Whoever_has_gone_away_while_waiting_is_not_hashed()
    {
        using var hashes = Queue(atOnce: 1, queue: 1);
        using var gate = new SemaphoreSlim(0);
        using var gone = new CancellationTokenSource();
        using var first = hashes.TryEnter();
        using var second = hashes.TryEnter();
        Assert.NotNull(first);
        Assert.NotNull(second);
        var isHashed = false;

        var busy = first.RunAsync(() => gate.Wait(Timeout.Infinite), CancellationToken.None);
        var waiting = second.RunAsync(() => isHashed = true, gone.Token);
        await gone.CancelAsync();
        gate.Release();
        await busy;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(isHashed);
    }

    [Fact]
    public async Task A_hash_that_fails_fails_for_its_caller_alone()
    {
        using var hashes = Queue(atOnce: 1, queue: 1);
        using var place = hashes.TryEnter();
        Assert.NotNull(place);

        await Assert.ThrowsAsync<FormatException>(() =>
            place.RunAsync<int>(() => throw new FormatException(), CancellationToken.None)
        );

        Assert.Equal(7, await place.RunAsync(() => 7, CancellationToken.None));
    }

    public void Dispose() => _services.Dispose();

    private PasswordHashQueue Queue(int atOnce, int queue) =>
        new(
            Options.Create(new HashingOptions { AtOnce = atOnce, Queue = queue }),
            _services.GetRequiredService<IMeterFactory>()
        );

    private long Waiting()
    {
        var waiting = -1L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, me) =>
            {
                if (
                    instrument.Name == "auth.hash.queue"
                    && ReferenceEquals(
                        instrument.Meter,
                        _services.GetRequiredService<IMeterFactory>().Create("AuthServer")
                    )
                )
                {
                    me.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, measurement, _, _) => waiting = measurement);
        listener.Start();
        listener.RecordObservableInstruments();
        return waiting;
    }
}
