using AuthServer.CommandLine;

namespace UnitTests.AuthServer.CommandLine;

public sealed class DurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("90s", 90)]
    [InlineData("30m", 1_800)]
    [InlineData("12h", 43_200)]
    [InlineData("7d", 604_800)]
    [InlineData("366d", 31_622_400)]
    public void A_number_and_a_unit_are_a_duration(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("d")]
    [InlineData("-7d")]
    [InlineData("1.5h")]
    [InlineData("7 d")]
    [InlineData("7w")]
    [InlineData("367d")]
    [InlineData("99999999999d")]
    public void Anything_else_is_not(string text) => Assert.Null(Duration.Read(text));
}
