using AuthServer.Accounts;
using AuthServer.Protocol;
using AuthServer.Protocol.Authorize;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace AuthServer.Pages;

/// <summary>Tells recovery where this server is and who is asking: the host's side of its port.</summary>
internal sealed class RecoveryHost(IOptions<ProtocolOptions> options, AuthorizeTickets tickets, CarriedText carried)
    : IRecoveryHost
{
    public string AbsoluteAddress(string path) => options.Value.Issuer + path;

    public Visit VisitOf(HttpContext http) =>
        new(
            CoarseNetwork.Of(http.Connection.RemoteIpAddress),
            BrowserName.Of(http.Request.Headers.UserAgent.ToString())
        );

    public string Carry(string typed) => carried.Seal(typed);

    public string? Carried(string? sealedText) => carried.Open(sealedText);

    public string? ClientOf(string? ticket) => tickets.Open(ticket)?.Ticket.ClientId;

    // It was asked for before all time, so that it has expired by every clock: it names the app and cannot be used.
    public string? TicketFor(string? clientId) =>
        clientId is null
            ? null
            : tickets.Seal(
                new AuthorizeTicket(new Dictionary<string, string>(), DateTimeOffset.MinValue, clientId, null)
            );
}
