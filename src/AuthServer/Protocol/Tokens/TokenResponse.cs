using System.Text.Json;

namespace AuthServer.Protocol.Tokens;

/// <summary>The token endpoint's success body (RFC 6749 §5.1, OIDC Core §3.1.3.3).</summary>
/// <param name="AccessToken">A JWT.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="Scope">As granted; space separated.</param>
/// <param name="RefreshToken">Null: none, or keep the one you have.</param>
/// <param name="IdToken">Null without the scope openid.</param>
/// <param name="IssuedTokenType">What a token exchange gave (RFC 8693 §2.2.1), otherwise null.</param>
internal sealed record TokenResponse(
    string AccessToken,
    int ExpiresIn,
    string Scope,
    string? RefreshToken,
    string? IdToken,
    string? IssuedTokenType = null
)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("access_token", AccessToken);
        if (IssuedTokenType is not null)
        {
            json.WriteString("issued_token_type", IssuedTokenType);
        }

        json.WriteString("token_type", "Bearer");
        json.WriteNumber("expires_in", ExpiresIn);
        json.WriteString("scope", Scope);
        if (RefreshToken is not null)
        {
            json.WriteString("refresh_token", RefreshToken);
        }

        if (IdToken is not null)
        {
            json.WriteString("id_token", IdToken);
        }

        json.WriteEndObject();
    }
}
