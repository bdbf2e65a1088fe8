using AuthServer.Passwords;
using TestSupport;

namespace UnitTests.AuthServer.Passwords;

public sealed class AnswerPaddingTests
{
    [Theory]
    [InlineData(1, 0, 500)]
    [InlineData(1, 1, 499)]
    [InlineData(1, 499, 1)]
    [InlineData(1, 500, 500)]
    [InlineData(1, 501, 499)]
    [InlineData(1, 1_700, 300)]
    [InlineData(3, 100, 1_400)]
    [InlineData(3, 1_200, 300)]
    [InlineData(3, 1_600, 400)]
    public void An_answer_is_held_back_until_a_multiple_of_the_longest_time(int turn, int elapsed, int remaining)
    {
        Assert.Equal(
            TimeSpan.FromMilliseconds(remaining),
            AnswerPadding.Remaining(TimeSpan.FromMilliseconds(elapsed), TimeSpan.FromMilliseconds(500), turn)
        );
    }

    [Fact]
    public async Task Waiting_counts_from_when_the_request_came()
    {
        var clock = new FixedClock();
        var padding = new AnswerPadding(clock);
        using var turn = padding.Begin("anna1234");
        clock.Advance(TimeSpan.FromMilliseconds(120));

        var answer = padding.WaitAsync(turn, TimeSpan.FromMilliseconds(500), CancellationToken.None);

        clock.Advance(TimeSpan.FromMilliseconds(379));
        Assert.False(answer.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await answer;
    }

    [Fact]
    public void Requests_at_the_same_identifier_have_one_turn_after_another()
    {
        var padding = new AnswerPadding(new FixedClock());
        using var first = padding.Begin("anna1234");
        using var another = padding.Begin("lee1234");
        var second = padding.Begin("anna1234");
        using var third = padding.Begin("anna1234");
        second.Dispose();
        using var fourth = padding.Begin("anna1234");

        Assert.Equal([1, 1, 2, 3, 3], new[] { first, another, second, third, fourth }.Select(turn => turn.Number));
    }
}
