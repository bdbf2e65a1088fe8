using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Handlers;
using AuthServer.Protocol.Tokens;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Introspection;

/// <summary>
/// Answers an introspection request (RFC 7662). A resource server (<c>allow_introspection</c>) may ask about every
/// client's tokens, any other confidential client about its own; whatever is not active, or not theirs to know, is
/// <c>{"active":false}</c> (§2.2). In place of OpenIddict's: the grant is looked at each time, so that revoking it is
/// immediate.
/// </summary>
internal sealed class AnswerIntrospection(
    AccessTokenReader reader,
    Grants grants,
    ClientDirectory clients,
    IOptions<ProtocolOptions> options
) : IOpenIddictServerHandler<HandleIntrospectionRequestContext>
{
    public async ValueTask HandleAsync(HandleIntrospectionRequestContext context)
    {
        var asker = context.Transaction.Get<RegisteredClient>();
        if (asker.Metadata.IsPublic)
        {
            // RFC 7662 §2.1: the endpoint must know who asks.
            context.Refuse(ProtocolError.InvalidClient("a public client asked to introspect"));
        }
        else if (context.Transaction.Get<Parameters>()["token"] is not { } token)
        {
            context.Refuse(ProtocolError.Missing("token"));
        }
        else
        {
            var about = RefreshToken.Read(token) is { } refreshToken
                ? await AboutAsync(refreshToken, context.CancellationToken)
                : await AboutAsync(token, context.CancellationToken);
            var known =
                about is not null && (asker.Metadata.AllowIntrospection || about.ClientId == asker.ClientId)
                    ? about
                    : null;
            await JsonAnswer.WriteAsync(context.Transaction.Http().Response, json => Write(json, known));
            context.HandleRequest();
        }
    }

    private async ValueTask<About?> AboutAsync(string accessToken, CancellationToken cancellationToken)
    {
        if (!(await reader.ReadAsync(accessToken, cancellationToken)).TryGet(out var token, out _))
        {
            return null;
        }

        string? username = null;
        DateTimeOffset? authenticatedAt = null;
        if (token.GrantId is { } grantId)
        {
            if (await grants.FindWithAccountAsync(grantId, cancellationToken) is not { } live)
            {
                return null;
            }

            (username, authenticatedAt) = (live.Account.Username, live.Grant.AuthenticatedAt);
        }
        else if (await clients.FindAsync(token.ClientId, cancellationToken) is null)
        {
            return null; // a client's own token ends with the client: it has no grant that could be revoked
        }

        return new About(
            token.ClientId,
            token.Subject,
            token.Scope,
            token.ExpiresAt,
            "Bearer",
            username,
            authenticatedAt,
            token
        );
    }

    private async ValueTask<About?> AboutAsync(RefreshToken refreshToken, CancellationToken cancellationToken) =>
        await grants.FindAsync(refreshToken, cancellationToken) is { } grant
        && await clients.FindAsync(grant.ApplicationId, cancellationToken) is { } client
            ? new About(
                client.ClientId,
                Subject.Of(grant.AccountId),
                grant.Scopes,
                grant.ExpiresAt.ToUnixTimeSeconds(),
                null,
                null,
                grant.AuthenticatedAt,
                null
            )
            : null;

    private void Write(Utf8JsonWriter json, About? about)
    {
        json.WriteStartObject();
        json.WriteBoolean("active", about is not null);
        if (about is not null)
        {
            json.WriteString("iss", options.Value.Issuer);
            json.WriteString("client_id", about.ClientId);
            json.WriteString("sub", about.Subject);
            json.WriteString("scope", about.Scope);
            json.WriteNumber("exp", about.ExpiresAt);
            if (about.TokenType is not null)
            {
                json.WriteString("token_type", about.TokenType);
            }

            if (about.Username is not null)
            {
                json.WriteString("username", about.Username);
            }

            if (about.AuthenticatedAt is { } authenticatedAt)
            {
                json.WriteNumber("auth_time", authenticatedAt.ToUnixTimeSeconds());
            }

            if (about.Token is { } token)
            {
                json.WriteNumber("iat", token.IssuedAt);
                json.WriteString("jti", token.TokenId);
                json.WriteStartArray("aud");
                foreach (var audience in token.Audience)
                {
                    json.WriteStringValue(audience);
                }

                json.WriteEndArray();
                if (token.CertificateHash is { } hash)
                {
                    json.WriteStartObject("cnf"); // RFC 8705 §3.2
                    json.WriteString(AccessTokenReader.CertificateMember, hash);
                    json.WriteEndObject();
                }

                if (token.Actor is { } actor)
                {
                    json.WritePropertyName("act"); // RFC 8693 §4.1
                    json.WriteRawValue(actor);
                }
            }
        }

        json.WriteEndObject();
    }

    private sealed record About(
        string ClientId,
        string Subject,
        string Scope,
        long ExpiresAt,
        string? TokenType,
        string? Username,
        DateTimeOffset? AuthenticatedAt,
        ReadAccessToken? Token
    );
}
