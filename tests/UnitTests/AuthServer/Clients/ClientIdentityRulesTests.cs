using AuthServer.Clients;

namespace UnitTests.AuthServer.Clients;

public sealed class ClientIdentityRulesTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("web", Secret)]
    [InlineData("uk.nhs.e-portfolio_2~a", null)]
    [InlineData(null, null)]
    public void Usual_ids_and_long_secrets_are_kept(string? id, string? secret) =>
        Assert.Empty(ClientIdentityRules.Check(new DescribedClient(new ClientMetadata(), id, secret)));

    [Theory]
    [InlineData("")]
    [InlineData("-web")]
    [InlineData("my app")]
    [InlineData("a:b")]
    [InlineData("a/b")]
    [InlineData("café")]
    [InlineData("a\n")]
    public void An_id_that_would_need_encoding_is_refused(string id) =>
        Assert.Equal(
            ["client_id must be 1 to 100 letters, digits and - . _ ~, and begin with a letter or digit."],
            Sentences(new DescribedClient(new ClientMetadata(), id))
        );

    [Theory]
    [Trait("spec", "RFC 9700 4.15")]
    [InlineData("0192e4a0-0000-7000-8000-000000000000")]
    [InlineData("0192E4A0000070008000000000000000")]
    public void An_id_that_could_pass_for_a_persons_sub_is_refused(string id) =>
        Assert.Equal(
            ["client_id must not be a UUID: those are the ids of people."],
            Sentences(new DescribedClient(new ClientMetadata(), id))
        );

    [Theory]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef 0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcdefé")]
    public void A_secret_that_could_be_guessed_or_not_be_sent_is_refused(string secret) =>
        Assert.Equal(
            ["client_secret must be 32 to 512 printable ASCII characters without spaces."],
            Sentences(new DescribedClient(new ClientMetadata(), ClientSecret: secret))
        );

    [Fact]
    public void A_public_client_has_no_secret() =>
        Assert.Equal(
            ["client_secret must not be set with token_endpoint_auth_method none."],
            Sentences(
                new DescribedClient(new ClientMetadata { TokenEndpointAuthMethod = "none" }, ClientSecret: Secret)
            )
        );

    [Fact]
    public void A_drawn_id_is_one_that_might_have_been_brought_along() =>
        Assert.All(
            Enumerable.Range(0, 1000).Select(_ => ClientIdentityRules.DrawId()),
            id => Assert.Empty(Sentences(new DescribedClient(new ClientMetadata(), id)))
        );

    private static IEnumerable<string> Sentences(DescribedClient client) =>
        ClientIdentityRules.Check(client).Select(mistake => mistake.Sentence);
}
