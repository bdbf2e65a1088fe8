namespace AuthServer.Protocol.Authorize;

/// <summary>The parameters of an authorization request (RFC 6749 §4.1.1, OIDC Core §3.1.2.1), by name.</summary>
internal sealed record AuthorizeRequest(Parameters Parameters)
{
    public string? ClientId => Parameters["client_id"];

    public string? RedirectUri => Parameters["redirect_uri"];

    public string? ResponseType => Parameters["response_type"];

    public string? ResponseMode => Parameters["response_mode"];

    public string? Scope => Parameters["scope"];

    public string? State => Parameters["state"];

    public string? Nonce => Parameters["nonce"];

    public string? Prompt => Parameters["prompt"];

    public string? MaxAge => Parameters["max_age"];

    public string? IdTokenHint => Parameters["id_token_hint"];

    public string? LoginHint => Parameters["login_hint"];

    public string? AcrValues => Parameters["acr_values"];

    public string? Claims => Parameters["claims"];

    /// <summary>Every value of <c>resource</c> (RFC 8707 §2).</summary>
    public IReadOnlyList<string> Resources => Parameters.Resources;

    public string? CodeChallenge => Parameters["code_challenge"];

    public string? CodeChallengeMethod => Parameters["code_challenge_method"];

    public bool HasRequestObject => Parameters["request"] is not null;

    public bool HasRequestUri => Parameters["request_uri"] is not null;

    public bool HasRegistration => Parameters["registration"] is not null;
}
