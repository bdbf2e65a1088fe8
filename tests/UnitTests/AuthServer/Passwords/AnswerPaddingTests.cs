using AuthServer.Passwords;
using TestSupport;

namespace UnitTests.AuthServer.Passwords;

public sealed class AnswerPaddingTests
{
    [Theory]
    [InlineData(0, 500)]
    [InlineData(1, 499)]
    [InlineData(499, 1)]
    [InlineData(500, 500)]
    [InlineData(501, 499)]
    [InlineData(1_700, 300)]
    public void An_answer_is_held_back_until_the_next_multiple_of_the_longest_time(int elapsed, int remaining)
    {
        Assert.Equal(
            TimeSpan.FromMilliseconds(remaining),
            AnswerPadding.Remaining(TimeSpan.FromMilliseconds(elapsed), TimeSpan.FromMilliseconds(500))
        );
    }

    [Fact]
    public async Task Waiting_counts_from_when_the_request_came()
    {
        var clock = new FixedClock();
        var padding = new AnswerPadding(clock);
        var begun = padding.Begin();
        clock.Advance(TimeSpan.FromMilliseconds(120));

        var answer = padding.WaitAsync(begun, TimeSpan.FromMilliseconds(500), CancellationToken.None);

        clock.Advance(TimeSpan.FromMilliseconds(379));
        Assert.False(answer.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await answer;
    }
}
