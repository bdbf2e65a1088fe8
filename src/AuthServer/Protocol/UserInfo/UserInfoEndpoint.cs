using System.Buffers;
using System.Text.Json;
using AuthServer.Accounts;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.UserInfo;

/// <summary>GET and POST /connect/userinfo (OIDC Core §5.3): what the access token's scopes and claims request say about its person.</summary>
internal sealed partial class UserInfoEndpoint(
    AccessTokenReader reader,
    Grants grants,
    ClientDirectory clients,
    JwtSigner signer,
    IOptions<ProtocolOptions> options,
    ILogger<UserInfoEndpoint> logger)
{
    public const string Path = "/connect/userinfo";

    public static Task HandleAsync(HttpContext http, UserInfoEndpoint endpoint) => endpoint.AnswerAsync(http);

    private async Task AnswerAsync(HttpContext http)
    {
        var cancellationToken = http.RequestAborted;
        if (!(await BearerToken.ReadAsync(http.Request, cancellationToken)).TryGet(out var bearer, out var error))
        {
            await BearerToken.ChallengeAsync(http, error);
            return;
        }

        if (!(await FindAsync(bearer, cancellationToken)).TryGet(out var found, out error))
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
            await signer.SignAsync(algorithm, "JWT", payload.WrittenMemory, cancellationToken), cancellationToken);
    }

    private async ValueTask<Result<Found>> FindAsync(string bearer, CancellationToken cancellationToken)
    {
        if (!(await reader.ReadAsync(bearer, cancellationToken)).TryGet(out var token, out var error))
        {
            return error;
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
            ? new Found(client, grant.Grant, grant.Account, scopes)
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

        var requested = ClaimsRequest.Read(found.Grant.ClaimsRequest).UserInfo;
        foreach (var claim in ClaimCatalogue.All)
        {
            if (found.Client.Scopes.Contains(claim.Scope)
                && (found.Scopes.Contains(claim.Scope) || requested.Contains(claim.Name)))
            {
                ClaimWriter.Write(json, claim, found.Account);
            }
        }

        json.WriteEndObject();
    }

    [LoggerMessage(2301, LogLevel.Information, "Refused userinfo: {Code} ({Reason}).")]
    private partial void Refused(string code, string reason);

    private sealed record Found(RegisteredClient Client, LiveGrant Grant, Account Account, IReadOnlyList<string> Scopes);
}
