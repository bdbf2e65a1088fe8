using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Handlers;
using AuthServer.Protocol.Resources;
using AuthServer.Protocol.Tokens;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.TokenExchange;

/// <summary>
/// Exchanges an access token for one of the asking back end's own (RFC 8693): the same user, never more scopes nor a
/// later end, and an <c>act</c> claim that names the back end and those before it (§4.1). It belongs to the grant of
/// the token it was made from and ends with it. Nothing is stored.
/// </summary>
internal sealed class ExchangeToken(Grants grants, ResourceIndicators resources, IOptions<ProtocolOptions> options)
    : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    /// <summary>Back ends in a row at most: a longer chain is a loop.</summary>
    private const int MostActors = 8;

    /// <summary>RFC 8693 §2.2.2: a subject token that is wrong in any way makes the request an invalid one.</summary>
    public static ProtocolError InvalidSubjectToken(string reason) =>
        ProtocolError.InvalidRequest("The subject_token is wrong, expired or revoked, or is not a user's.") with
        {
            Reason = reason,
        };

    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        if (!context.Request.IsTokenExchangeGrantType())
        {
            return;
        }

        var client = context.Transaction.Get<RegisteredClient>();
        context.Answer(
            client,
            await OrderAsync(
                client,
                context.Transaction.Get<ReadAccessToken>(),
                context.Transaction.Get<Parameters>(),
                context.CancellationToken
            )
        );
    }

    private async ValueTask<Result<TokenOrder>> OrderAsync(
        RegisteredClient client,
        ReadAccessToken subject,
        Parameters form,
        CancellationToken cancellationToken
    )
    {
        if (client.Metadata.IsPublic)
        {
            return ProtocolError.UnauthorizedClient("A public client cannot exchange tokens.");
        }

        if (subject.GrantId is not { } grantId || await grants.FindAsync(grantId, cancellationToken) is not { } grant)
        {
            return InvalidSubjectToken("a client's own token, or its grant has ended");
        }

        if (!await IsMeantForAsync(client, subject, cancellationToken))
        {
            return InvalidSubjectToken("meant for an API that the client has nothing to do with");
        }

        if (ActorsOf(subject.Actor) >= MostActors)
        {
            return ProtocolError.InvalidRequest("The subject_token was exchanged too many times.");
        }

        var asked = Scopes.Split(form["scope"]);
        string[] open =
        [
            .. Scopes
                .Split(subject.Scope)
                .Where(scope =>
                    scope != Scopes.OfflineAccess
                    && client.Scopes.Contains(scope)
                    && (asked.Count == 0 || asked.Contains(scope))
                ),
        ];
        if (open.Length == 0)
        {
            return ProtocolError.InvalidScope(
                "No scope of the subject_token is both asked for and open to this client."
            );
        }

        // RFC 8693 §2.1: the target services, by either parameter.
        string[] targets =
        [
            .. form.Resources,
            .. form["audience"] is { } audience ? [audience] : Array.Empty<string>(),
        ];
        var order = new TokenOrder
        {
            Scopes = Scopes.Join(open),
            Grant = grant,
            Exchange = new ExchangedFrom(subject.ExpiresAt, subject.Actor),
            CertificateHash = subject.CertificateHash, // or it would be a bearer token from here on
        };
        return await resources.ExchangeAsync(order, targets, subject.Audience, client, cancellationToken);
    }

    // A token that leaked from one API must not become one for another (RFC 8693 §5).
    private async ValueTask<bool> IsMeantForAsync(
        RegisteredClient client,
        ReadAccessToken subject,
        CancellationToken cancellationToken
    )
    {
        if (
            subject.ClientId == client.ClientId
            || subject.Audience.Contains(options.Value.Issuer)
            || subject.Audience.Contains(client.ClientId)
        )
        {
            return true;
        }

        var known = await resources.KnownToAsync(client, cancellationToken);
        return subject.Audience.Any(known.Contains);
    }

    private static int ActorsOf(string? actor)
    {
        if (actor is null)
        {
            return 0;
        }

        using var chain = JsonDocument.Parse(actor);
        var count = 1;
        for (var at = chain.RootElement; at.TryGetProperty("act", out var earlier); at = earlier)
        {
            count++;
        }

        return count;
    }
}
