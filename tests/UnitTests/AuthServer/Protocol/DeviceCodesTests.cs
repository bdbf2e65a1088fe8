using AuthServer.Protocol.Device;

namespace UnitTests.AuthServer.Protocol;

/// <summary>User codes as people type them (RFC 8628 §6.1).</summary>
[Trait("spec", "RFC 8628 6.1")]
public sealed class DeviceCodesTests
{
    [Theory]
    [InlineData("BCDF-GHJK")]
    [InlineData("bcdfghjk")]
    [InlineData(" bcdf ghjk ")]
    [InlineData("BCDF\u2013GHJK")]
    [InlineData("B.C.D.F.G.H.J.K.")]
    public void A_code_is_read_in_any_case_with_or_without_separators(string typed) =>
        Assert.Equal("BCDFGHJK", DeviceCodes.Read(typed));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("BCDF-GHJ")]
    [InlineData("BCDF-GHJKL")]
    [InlineData("ABCD-EFGH")]
    [InlineData("1234-5678")]
    public void What_no_device_shows_is_no_code(string? typed) => Assert.Null(DeviceCodes.Read(typed));

    [Fact]
    public void Mangled_text_gives_a_code_of_eight_letters_or_none()
    {
        var random = new Random(8628);
        for (var i = 0; i < 20_000; i++)
        {
            var typed = new string([
                .. Enumerable
                    .Range(0, random.Next(0, 12))
                    .Select(_ =>
                        random.Next(3) == 0
                            ? (char)random.Next(0, char.MaxValue + 1)
                            : DeviceCodes.Letters[random.Next(DeviceCodes.Letters.Length)]
                    ),
            ]);

            var code = DeviceCodes.Read(typed);

            Assert.True(code is null || (code.Length == 8 && code.All(DeviceCodes.Letters.Contains)), typed);
        }
    }
}
