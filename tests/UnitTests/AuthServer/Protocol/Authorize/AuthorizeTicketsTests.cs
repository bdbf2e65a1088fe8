using AuthServer.Protocol.Authorize;
using Microsoft.AspNetCore.DataProtection;
using TestSupport;

namespace UnitTests.AuthServer.Protocol.Authorize;

/// <summary>A request put aside while pages are shown.</summary>
public sealed class AuthorizeTicketsTests
{
    private readonly FixedClock clock = new();
    private readonly AuthorizeTickets tickets;
    private readonly AuthorizeTicket ticket;

    public AuthorizeTicketsTests()
    {
        tickets = new AuthorizeTickets(new EphemeralDataProtectionProvider(), clock);
        ticket = new AuthorizeTicket(
            new Dictionary<string, string> { ["state"] = "a é \0 😀", ["client_id"] = "app" },
            clock.GetUtcNow(),
            "app",
            "o’brien4821"
        );
    }

    [Fact]
    public void It_is_opened_as_it_was_sealed()
    {
        var agreed = ticket with { Agreed = new AgreedConsent("sid", "openid email") };

        var opened = tickets.Open(tickets.Seal(agreed))!;

        Assert.False(opened.Expired);
        Assert.Equal(ticket.Parameters, opened.Ticket.Parameters);
        Assert.Equal(
            agreed with
            {
                Parameters = opened.Ticket.Parameters,
                Resources = opened.Ticket.Resources,
            },
            opened.Ticket
        );
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    public void After_an_hour_it_can_be_read_and_not_used(int minutes, bool expired)
    {
        var text = tickets.Seal(ticket);

        clock.Advance(TimeSpan.FromMinutes(minutes));

        Assert.Equal(expired, tickets.Open(text)!.Expired);
        Assert.Equal("app", tickets.Open(text)!.Ticket.ClientId);
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(6, true)]
    [InlineData(24 * 60, true)]
    public void One_that_is_dated_further_ahead_than_clocks_may_be_apart_can_be_read_and_not_used(
        int minutes,
        bool expired
    )
    {
        var text = tickets.Seal(ticket with { AskedAt = clock.GetUtcNow().AddMinutes(minutes) });

        Assert.Equal(expired, tickets.Open(text)!.Expired);
        Assert.Equal("app", tickets.Open(text)!.Ticket.ClientId);
    }

    [Fact]
    public void Sealing_it_again_does_not_prolong_it()
    {
        clock.Advance(TimeSpan.FromMinutes(59));
        var text = tickets.Seal(tickets.Open(tickets.Seal(ticket))!.Ticket with { Declined = true });

        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.True(tickets.Open(text)!.Expired);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAA")]
    [InlineData("not base64 at all")]
    [InlineData("é")]
    public void What_was_not_sealed_here_is_nothing(string? text)
    {
        Assert.Null(tickets.Open(text));
        Assert.Null(tickets.Open(new AuthorizeTickets(new EphemeralDataProtectionProvider(), clock).Seal(ticket)));
    }

    [Fact]
    [Trait("oidc", "X6")]
    public void A_long_request_stays_short_enough_for_an_address()
    {
        var request = ticket with
        {
            Parameters = new Dictionary<string, string> { ["state"] = new('s', 1000), ["nonce"] = new('n', 384) },
        };

        Assert.InRange(tickets.Seal(request).Length, 1, 1000);
    }
}
