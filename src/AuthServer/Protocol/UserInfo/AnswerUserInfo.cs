using System.Buffers;
using System.Text.Json;
using AuthServer.Accounts;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.ClientProof;
using AuthServer.Protocol.Handlers;
using AuthServer.Protocol.Tokens;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.UserInfo;

/// <summary>
/// Reads the access token of a userinfo request (RFC 6750 §2), and refuses one from the query, or two.
/// </summary>
internal sealed class ReadUserInfoRequest : IOpenIddictServerHandler<ExtractUserInfoRequestContext>
{
    public async ValueTask HandleAsync(ExtractUserInfoRequestContext context)
    {
        var http = context.Transaction.Http();
        context.Request = new OpenIddictRequest();
        if (
            (await BearerToken.ReadAsync(http.Request, context.CancellationToken)).TryGet(out var bearer, out var error)
        )
        {
            context.Request.AccessToken = bearer;
        }
        else
        {
            await BearerToken.ChallengeAsync(http, error);
            context.HandleRequest();
        }
    }
}

/// <summary>
/// Answers a userinfo request (OIDC Core §5.3): what the access token's scopes and claims request say about its user.
/// In place of OpenIddict's: the grant is looked at each time, so that revoking it is immediate, and the response may
/// be signed.
/// </summary>
internal sealed partial class AnswerUserInfo(
    AccessTokenReader reader,
    Grants grants,
    ClientDirectory clients,
    JwtSigner signer,
    ClientCertificates certificates,
    IOptions<ProtocolOptions> options,
    ILogger<AnswerUserInfo> logger
) : IOpenIddictServerHandler<HandleUserInfoRequestContext>
{
    public async ValueTask HandleAsync(HandleUserInfoRequestContext context)
    {
        var http = context.Transaction.Http();
        var cancellationToken = context.CancellationToken;
        context.HandleRequest();
        if (
            !(await FindAsync(http, context.Request.AccessToken ?? "", cancellationToken)).TryGet(
                out var found,
                out var error
            )
        )
        {
            Refused(error.Code, error.Reason ?? error.Description);
            await BearerToken.ChallengeAsync(http, error);
            return;
        }

        if (found.Client.Metadata.UserinfoSignedResponseAlg is not { } algorithm)
        {
            await JsonAnswer.WriteAsync(http.Response, json => Write(json, found, signed: false));
            return;
        }

        var payload = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(payload, JsonAnswer.Plain))
        {
            Write(json, found, signed: true);
        }

        http.Response.ContentType = "application/jwt";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync(
            await signer.SignAsync(algorithm, "JWT", payload.WrittenMemory, cancellationToken),
            cancellationToken
        );
    }

    private async ValueTask<Result<Found>> FindAsync(
        HttpContext http,
        string bearer,
        CancellationToken cancellationToken
    )
    {
        if (!(await reader.ReadAsync(bearer, cancellationToken)).TryGet(out var token, out var error))
        {
            return error;
        }

        if (token.CertificateHash is { } hash && certificates.HashOf(http) != hash)
        {
            return ProtocolError.InvalidToken("bound to a certificate that was not presented"); // RFC 8705 §3
        }

        var scopes = Scopes.Split(token.Scope);
        if (token.GrantId is not { } grantId || !scopes.Contains(Scopes.OpenId))
        {
            return ProtocolError.InsufficientScope(Scopes.OpenId);
        }

        if (await grants.FindWithAccountAsync(grantId, cancellationToken) is not { } grant)
        {
            return ProtocolError.InvalidToken("grant revoked, expired or logged out");
        }

        return await clients.FindAsync(token.ClientId, cancellationToken) is { } client
            ? new Found(
                client,
                ClaimsRequest.Read(token.Actor is null ? grant.Grant.ClaimsRequest : null),
                grant.Account,
                scopes
            )
            : ProtocolError.InvalidToken("client removed");
    }

    private void Write(Utf8JsonWriter json, Found found, bool signed)
    {
        json.WriteStartObject();
        json.WriteString("sub", Subject.Of(found.Account.Id));
        if (signed)
        {
            // OIDC Core §5.3.2.
            json.WriteString("iss", options.Value.Issuer);
            json.WriteString("aud", found.Client.ClientId);
        }

        // The app's that asked for them, not those of a back end with an exchanged token.
        var requested = found.Claims.UserInfo;
        foreach (var claim in ClaimCatalogue.All)
        {
            if (
                found.Client.Scopes.Contains(claim.Scope)
                && (found.Scopes.Contains(claim.Scope) || requested.Contains(claim.Name))
            )
            {
                ClaimWriter.Write(json, claim, found.Account);
            }
        }

        json.WriteEndObject();
    }

    [LoggerMessage(2301, LogLevel.Information, "Refused userinfo: {Code} ({Reason}).")]
    private partial void Refused(string code, string reason);

    private sealed record Found(
        RegisteredClient Client,
        ClaimsRequest Claims,
        Account Account,
        IReadOnlyList<string> Scopes
    );
}
