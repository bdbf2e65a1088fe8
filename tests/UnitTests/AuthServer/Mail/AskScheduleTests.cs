using AuthServer.Mail;

namespace UnitTests.AuthServer.Mail;

public sealed class AskScheduleTests
{
    private static readonly DateTimeOffset Accepted = new(2026, 1, 31, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("00:01:00", "00:01:00")]
    [InlineData("00:08:00", "00:08:00")]
    [InlineData("2.00:00:00", "06:00:00")]
    public void The_longer_a_message_is_under_way_the_less_often_it_is_asked_about(string underWay, string until)
    {
        var now = Accepted + TimeSpan.Parse(underWay, null);

        Assert.Equal(now + TimeSpan.Parse(until, null), AskSchedule.Next(Accepted, now));
    }

    [Fact]
    public void After_four_days_nobody_is_asked_any_more_and_until_then_a_few_dozen_times()
    {
        var times = 0;
        for (DateTimeOffset? at = Accepted + AskSchedule.First; at is { } now; at = AskSchedule.Next(Accepted, now))
        {
            Assert.True(now <= Accepted + AskSchedule.GivenUpAfter + AskSchedule.Longest);
            times++;
        }

        Assert.InRange(times, 10, 40);
    }
}
