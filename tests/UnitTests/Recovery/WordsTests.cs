using System.Globalization;
using Recovery;

namespace UnitTests.Recovery;

public sealed class WordsTests
{
    [Theory]
    [InlineData("00:00:00.2", "1 second")]
    [InlineData("00:00:08", "8 seconds")]
    [InlineData("00:01:00", "60 seconds")]
    [InlineData("00:01:00.5", "2 minutes")]
    [InlineData("00:15:00", "15 minutes")]
    [InlineData("01:00:00", "1 hour")]
    [InlineData("01:30:00", "90 minutes")]
    [InlineData("02:00:01", "3 hours")]
    public void A_span_is_said_in_whole_units_and_never_too_short(string span, string words) =>
        Assert.Equal(words, Words.Duration(TimeSpan.Parse(span, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("2026-01-05T15:07:00Z", "5 January 2026 at 3:07pm")]
    [InlineData("2026-07-05T23:30:00Z", "6 July 2026 at 12:30am")]
    public void An_instant_is_said_in_the_time_of_the_United_Kingdom(string instant, string words) =>
        Assert.Equal(words, Words.Instant(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture)));
}
