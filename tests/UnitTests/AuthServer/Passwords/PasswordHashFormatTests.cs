using AuthServer.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace UnitTests.AuthServer.Passwords;

public sealed class PasswordHashFormatTests
{
    [Theory]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV2, 2, 1_000)]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV3, 3, 4_321)]
    public void Both_of_Identitys_formats_are_read(PasswordHasherCompatibilityMode mode, int version, int iterations)
    {
        var hasher = new PasswordHasher<string>(
            Options.Create(new PasswordHasherOptions { CompatibilityMode = mode, IterationCount = 4_321 })
        );

        var format = PasswordHashFormat.Read(hasher.HashPassword("", "anything"));

        Assert.Equal(new PasswordHashFormat(version, iterations), format);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    [InlineData("$2a$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW")]
    [InlineData("AQAAAAkAACcQAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AQAAAAL/////AAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    public void Anything_else_is_not_a_hash(string text)
    {
        Assert.Null(PasswordHashFormat.Read(text));
    }
}
