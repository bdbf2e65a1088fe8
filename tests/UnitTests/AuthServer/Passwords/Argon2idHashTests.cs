using AuthServer.Passwords;
using FsCheck;
using FsCheck.Fluent;

namespace UnitTests.AuthServer.Passwords;

[Trait("spec", "RFC 9106")]
public sealed class Argon2idHashTests
{
    /// <summary>By the reference implementation: argon2 "sixteen bytes ok" -id -t 2 -k 19456 -p 1 -l 32 -e.</summary>
    private const string Reference =
        "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlcyBvaw$CAX8JQOfdoGprhaqW+tGhClY3ixcZBWtRm3JJRvtIoM";

    [Fact]
    public void Verifies_a_hash_of_the_reference_implementation()
    {
        var hash = Argon2idHash.Read(Reference);

        Assert.NotNull(hash);
        Assert.True(hash.Matches("a long walk by the canal"));
        Assert.False(hash.Matches("a long walk by the canals"));
    }

    [Fact]
    public void A_hash_is_written_as_a_PHC_string_with_a_new_salt()
    {
        var one = Argon2idHash.Of("a long walk by the canal", 64, 1).ToString();
        var other = Argon2idHash.Of("a long walk by the canal", 64, 1).ToString();

        Assert.Matches(@"^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$", one);
        Assert.NotEqual(one, other);
        Assert.Equal(one, Argon2idHash.Read(one)?.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("$argon2id$")]
    [InlineData("$argon2i$v=19$m=64,t=1,p=1$c2l4dGVlbiBieXRlcyBvaw$w9lxLqyt1TamPfEyCnSkhOE3HJf/N9UdsCmv2lDDiUw")]
    [InlineData("$argon2id$v=16$m=64,t=1,p=1$c2l4dGVlbiBieXRlcyBvaw$w9lxLqyt1TamPfEyCnSkhOE3HJf/N9UdsCmv2lDDiUw")]
    [InlineData("$argon2id$v=19$m=64,t=1,p=2$c2l4dGVlbiBieXRlcyBvaw$w9lxLqyt1TamPfEyCnSkhOE3HJf/N9UdsCmv2lDDiUw")]
    [InlineData("$argon2id$v=19$m=7,t=1,p=1$c2l4dGVlbiBieXRlcyBvaw$w9lxLqyt1TamPfEyCnSkhOE3HJf/N9UdsCmv2lDDiUw")]
    [InlineData("$argon2id$v=19$m=1048577,t=1,p=1$c2l4dGVlbiBieXRlcyBvaw$w9lxLqyt1TamPfEyCnSkhOE3HJf/N9UdsCmv2lDDiUw")]
    [InlineData("$argon2id$v=19$m=64,t=101,p=1$c2l4dGVlbiBieXRlcyBvaw$w9lxLqyt1TamPfEyCnSkhOE3HJf/N9UdsCmv2lDDiUw")]
    [InlineData("$argon2id$v=19$m=64,t=0,p=1$c2l4dGVlbiBieXRlcyBvaw$w9lxLqyt1TamPfEyCnSkhOE3HJf/N9UdsCmv2lDDiUw")]
    [InlineData("AQAAAAIAAAPoAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    public void Anything_else_is_no_hash(string text)
    {
        Assert.Null(Argon2idHash.Read(text));
    }

    [Fact]
    public void A_mangled_hash_is_no_hash_or_one_that_does_not_match()
    {
        const string cheap =
            "$argon2id$v=19$m=64,t=1,p=1$c2l4dGVlbiBieXRlcyBvaw$w9lxLqyt1TamPfEyCnSkhOE3HJf/N9UdsCmv2lDDiUw";
        Assert.True(Argon2idHash.Read(cheap)?.Matches("a long walk by the canal"));

        Prop.ForAll<int, char>(
                (at, character) =>
                {
                    var mangled = cheap.ToCharArray();
                    mangled[Math.Abs(at % cheap.Length)] = character;
                    var text = new string(mangled);
                    return Argon2idHash.Read(text) is not { MemoryKiB: < 1024, Passes: < 10 } hash
                        || hash.ToString() == cheap
                        || !hash.Matches("a long walk by the canal");
                }
            )
            .QuickCheckThrowOnFailure();
    }
}
