using System.Globalization;
using Recovery.CleanUp;

namespace UnitTests.Recovery.CleanUp;

public sealed class BatchSizeTests
{
    private static readonly TimeSpan Target = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData(100, 20, 100)]
    [InlineData(100, 25, 80)]
    [InlineData(100, 1000, 50)] // half of it at the most
    [InlineData(100, 1, 200)] // twice of it at the most
    [InlineData(100, 0, 200)]
    [InlineData(900, 1, 1000)] // the largest
    [InlineData(10, 1000, 10)] // the smallest
    public void The_next_batch_is_as_large_as_fits_into_its_time(int rows, int milliseconds, int next)
    {
        Assert.Equal(next, BatchSize.Next(rows, TimeSpan.FromMilliseconds(milliseconds), Target, most: 1000));
    }

    [Fact]
    public void A_slow_machine_comes_down_to_its_size_and_a_quick_one_up_to_it()
    {
        int Settle(double millisecondsPerRow)
        {
            var size = BatchSize.Least;
            for (var i = 0; i < 20; i++)
            {
                size = BatchSize.Next(size, TimeSpan.FromMilliseconds(size * millisecondsPerRow), Target, most: 1000);
            }

            return size;
        }

        Assert.Equal([1000, 200, 20, 10], new[] { 0.001, 0.1, 1, 100 }.Select(Settle));
    }

    [Theory]
    [InlineData(0.5, 20)]
    [InlineData(0.25, 60)]
    [InlineData(1, 0)]
    public void The_pause_leaves_others_their_share_of_the_time(double share, int milliseconds)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), BatchSize.Pause(TimeSpan.FromMilliseconds(20), share));
    }

    [Theory]
    [InlineData("2026-01-31T09:00:00Z", "01:00:00", "2026-01-31T10:00:00Z")]
    [InlineData("2026-01-31T09:59:59Z", "01:00:00", "2026-01-31T10:00:00Z")]
    [InlineData("2026-01-31T09:07:00Z", "00:10:00", "2026-01-31T09:10:00Z")]
    public void Every_node_begins_at_the_same_whole_interval_however_often_it_starts(
        string now,
        string interval,
        string next
    )
    {
        Assert.Equal(At(next), CleanUpModule.Next(At(now), TimeSpan.Parse(interval, CultureInfo.InvariantCulture)));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
