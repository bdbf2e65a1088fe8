using AuthServer.Mail;

namespace UnitTests.AuthServer.Mail;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Queued = new(2026, 1, 31, 9, 0, 0, TimeSpan.Zero);

    private static readonly MailOptions Options = new();

    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 60)]
    [InlineData(3, 120)]
    [InlineData(7, 1920)]
    [InlineData(8, 3600)]
    [InlineData(1000, 3600)]
    public void Intervals_double_up_to_an_hour(int attempts, int seconds) =>
        Assert.Equal(Queued.AddSeconds(seconds), RetrySchedule.Next(Queued, attempts, Queued, 0.5, Options));

    [Fact]
    public void Chance_makes_them_a_quarter_shorter_or_longer()
    {
        Assert.Equal(Queued.AddSeconds(22.5), RetrySchedule.Next(Queued, 1, Queued, 0, Options));
        Assert.Equal(Queued.AddSeconds(37.5), RetrySchedule.Next(Queued, 1, Queued, 1, Options));
    }

    [Fact]
    public void The_last_attempt_is_after_a_day_and_there_is_none_after_it()
    {
        var end = Queued.AddHours(24);

        Assert.Equal(end, RetrySchedule.Next(Queued, 40, end.AddMinutes(-10), 0.5, Options));
        Assert.Null(RetrySchedule.Next(Queued, 41, end, 0.5, Options));
    }

    [Fact]
    public void A_clock_that_is_put_forward_by_a_day_leaves_a_message_five_attempts()
    {
        var forward = Queued.AddDays(1);

        Assert.Equal(forward.AddSeconds(30), RetrySchedule.Next(Queued, 1, forward, 0.5, Options));
        Assert.NotNull(RetrySchedule.Next(Queued, 4, forward, 0.5, Options));
        Assert.Null(RetrySchedule.Next(Queued, 5, forward, 0.5, Options));
    }
}
