using AuthServer.CommandLine;
using AuthServer.Protocol.Keys;
using Microsoft.Extensions.Options;

namespace UnitTests.AuthServer.Protocol.Keys;

public sealed class KeyOptionsTests
{
    [Theory]
    [InlineData(90, 14, 14, null)]
    [InlineData(0.5, 0.1, 14, "Keys:Life must be between 1.00:00:00 and 731.00:00:00.")]
    [InlineData(90, 0.01, 14, "Keys:Announce must be between 01:00:00 and 365.00:00:00.")]
    [InlineData(90, 14, 0.5, "Keys:Keep must be between 1.00:00:00 and 365.00:00:00.")]
    [InlineData(14, 14, 14, "Keys:Announce must be shorter than Keys:Life.")]
    public void Spans_that_do_not_fit_together_stop_the_server_with_the_key_that_is_wrong(
        double life,
        double announce,
        double keep,
        string? sentence
    )
    {
        var options = new KeyOptions
        {
            Life = TimeSpan.FromDays(life),
            Announce = TimeSpan.FromDays(announce),
            Keep = TimeSpan.FromDays(keep),
        };

        var result = new KeyOptionsValidator().Validate(name: null, options);

        Assert.Equal(
            sentence,
            result.Failed
                ? Refusal.Sentence(new OptionsValidationException("", typeof(KeyOptions), result.Failures))
                : null
        );
    }
}
