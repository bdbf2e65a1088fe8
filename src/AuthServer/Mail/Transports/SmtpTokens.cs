using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail.Transports;

/// <summary>
/// Access tokens for XOAUTH2, fetched from the token endpoint in <c>Mail:Smtp:OAuth</c> and kept in memory until a
/// minute before they expire.
/// </summary>
internal sealed class SmtpTokens(IHttpClientFactory http, IOptions<MailOptions> options, TimeProvider clock)
{
    /// <summary>The named HTTP client.</summary>
    public const string HttpClientName = "mail-tokens";

    /// <summary>A token is not used in the last minute of its life.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly SmtpOptions _smtp = options.Value.Smtp;

    private volatile Token? _current;

    /// <exception cref="SmtpTokenException">The token endpoint gave no token.</exception>
    /// <exception cref="HttpRequestException">The token endpoint cannot be reached.</exception>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_current is not { } token || token.UsableUntil <= now || token.UsableUntil > now + token.Life)
        {
            _current = token = await FetchAsync(now, cancellationToken);
        }

        return token.Value;
    }

    /// <summary>The mail server refused the token: the next attempt fetches another one.</summary>
    public void Forget() => _current = null;

    private async Task<Token> FetchAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(_smtp.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            using var client = http.CreateClient(HttpClientName);
            using var form = new FormUrlEncodedContent(Parameters());
            using var response = await client.PostAsync(_smtp.OAuth.TokenEndpoint, form, either.Token);
            var answer = JsonSerializer.Deserialize<TokenResponse>(
                await response.Content.ReadAsByteArrayAsync(either.Token)
            );
            if (!response.IsSuccessStatusCode || string.IsNullOrEmpty(answer?.AccessToken))
            {
                throw new SmtpTokenException($"{(int)response.StatusCode} {answer?.Error}");
            }

            var life = TimeSpan.FromSeconds(Math.Clamp(answer.ExpiresIn ?? 300, 0, 86_400));
            return new Token(answer.AccessToken, now + life - Margin, life);
        }
        catch (JsonException)
        {
            throw new SmtpTokenException("an answer that is not JSON");
        }
        catch (HttpRequestException e)
        {
            throw new SmtpTokenException($"it cannot be reached ({e.HttpRequestError})");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SmtpTokenException("it did not answer in time");
        }
    }

    /// <summary>RFC 6749 §4.4.2 and §6, the client's secret in the body as both providers document it.</summary>
    private IEnumerable<KeyValuePair<string, string>> Parameters()
    {
        var oauth = _smtp.OAuth;
        yield return new("client_id", oauth.ClientId ?? "");
        yield return new("client_secret", oauth.ClientSecret ?? "");
        if (oauth.Scope is { } scope)
        {
            yield return new("scope", scope);
        }

        if (oauth.RefreshToken is { } refreshToken)
        {
            yield return new("grant_type", "refresh_token");
            yield return new("refresh_token", refreshToken);
        }
        else
        {
            yield return new("grant_type", "client_credentials");
        }
    }

    private sealed record Token(string Value, DateTimeOffset UsableUntil, TimeSpan Life);

    private sealed record TokenResponse(
        [property: JsonPropertyName("access_token")] string? AccessToken,
        [property: JsonPropertyName("expires_in")] int? ExpiresIn,
        [property: JsonPropertyName("error")] string? Error
    );
}

/// <summary>The token endpoint of the mail provider gave no token.</summary>
internal sealed class SmtpTokenException(string reason) : Exception($"No token for the mail server: {reason}.");
