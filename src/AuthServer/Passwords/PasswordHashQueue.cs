using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;

namespace AuthServer.Passwords;

/// <summary>
/// Where password hashes are computed: a few threads of their own, at a low priority, and a short queue before them. A
/// storm of log-ins fills the queue and is told to come back; it never takes the threads that answer everything else.
/// </summary>
/// <remarks>
/// Threads of our own, because the thread pool gives a busy machine new threads slowly: on one processor, two hashes of
/// 100 ms each would make every other request wait for both.
/// </remarks>
internal sealed class PasswordHashQueue : IDisposable
{
    private readonly HashingOptions _options;
    private readonly BlockingCollection<Action> _work = [];
    private readonly Lock _starting = new();
    private bool _started;
    private int _inside;
    private int _waiting;

    public PasswordHashQueue(IOptions<HashingOptions> options, IMeterFactory meters)
    {
        _options = options.Value;
        meters
            .Create("AuthServer")
            .CreateObservableGauge(
                "auth.hash.queue",
                () => Volatile.Read(ref _waiting),
                "{log-in}",
                "Log-ins that wait for a password hash."
            );
    }

    /// <summary>How long a caller without a place should stay away.</summary>
    public TimeSpan RetryAfter => _options.RetryAfter;

    /// <summary>Takes a place in the queue.</summary>
    /// <returns>The place, to be disposed of; or null when the queue is full.</returns>
    public Place? TryEnter()
    {
        if (Interlocked.Increment(ref _inside) <= _options.Places)
        {
            return new Place(this);
        }

        Interlocked.Decrement(ref _inside);
        return null;
    }

    public void Dispose()
    {
        // Each thread ends when it has emptied the queue.
        _work.CompleteAdding();
        if (!_started)
        {
            _work.Dispose();
        }
    }

    private Task<T> RunAsync<T>(Func<T> hash, CancellationToken cancellationToken)
    {
        StartThreads();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Increment(ref _waiting);
        _work.Add(
            () =>
            {
                Interlocked.Decrement(ref _waiting);

                // No hash is computed for a client that has disconnected.
                if (cancellationToken.IsCancellationRequested)
                {
                    done.SetCanceled(cancellationToken);
                    return;
                }

                try
                {
                    done.SetResult(hash());
                }
                catch (Exception failure)
                {
                    done.SetException(failure);
                }
            },
            CancellationToken.None
        );
        return done.Task;
    }

    private void StartThreads()
    {
        lock (_starting)
        {
            if (_started)
            {
                return;
            }

            _started = true;
            for (var i = 0; i < _options.Slots; i++)
            {
                new Thread(Work) { IsBackground = true, Name = "password hashes" }.Start();
            }
        }
    }

    private void Work()
    {
        ThreadNiceness.Lower();
        foreach (var hash in _work.GetConsumingEnumerable())
        {
            hash();
        }
    }

    /// <summary>The right to compute hashes, one log-in's worth.</summary>
    internal sealed class Place(PasswordHashQueue queue) : IDisposable
    {
        private int _left;

        /// <summary>Computes on one of the queue's threads, in turn.</summary>
        public Task<T> RunAsync<T>(Func<T> hash, CancellationToken cancellationToken) =>
            queue.RunAsync(hash, cancellationToken);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                Interlocked.Decrement(ref queue._inside);
            }
        }
    }
}
