using System.Text.Json;
using System.Text.Json.Serialization;

namespace Driver;

/// <summary>What the driver needs to know about one server. Read from JSON; see <c>configs/</c>.</summary>
internal sealed class Config
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public required string Name { get; init; }

    /// <summary>Endpoints come from its discovery document. A slash at its end is optional.</summary>
    public required string Issuer { get; init; }

    public string RedirectUri { get; init; } = "http://127.0.0.1:9999/cb";

    public string Scope { get; init; } = "openid profile email";

    public LoginConfig Login { get; init; } = new();

    /// <summary>
    /// By role: "web" (confidential, code flow), "spa" (public, code flow), "machine" (client credentials); optional:
    /// "userinfo" (whose access tokens go to userinfo and introspection; else web).
    /// </summary>
    public Dictionary<string, ClientConfig> Clients { get; init; } = [];

    public static Config Load(string path) =>
        JsonSerializer.Deserialize<Config>(File.ReadAllText(path), Format)
        ?? throw new InvalidOperationException($"{path} is empty");

    public ClientConfig Client(string role) =>
        Clients.TryGetValue(role, out var client)
            ? client
            : throw new InvalidOperationException($"config has no client \"{role}\"");
}

internal sealed class ClientConfig
{
    public required string Id { get; init; }

    public string? Secret { get; init; }

    /// <summary>basic, post or none.</summary>
    public string Auth { get; init; } = "basic";

    /// <summary>In place of the config's scope.</summary>
    public string? Scope { get; init; }
}

/// <summary>
/// How a session signs in. The driver makes an authorization request and follows redirects; on every page with a form
/// it fills in the inputs named in <see cref="Fields"/>, keeps the hidden ones (antiforgery and the like) and posts it,
/// until the browser would leave for the redirect URI. Consent pages are handled by the same loop.
/// </summary>
internal sealed class LoginConfig
{
    /// <summary>
    /// What is typed, by field name. <c>{worker}</c> stands for the worker's number, so that each is a person of its
    /// own.
    /// </summary>
    public Dictionary<string, string> Fields { get; init; } = [];

    public int MaxSteps { get; init; } = 20;

    /// <summary>The same for one worker.</summary>
    public LoginConfig For(int worker) =>
        new()
        {
            Fields = Fields.ToDictionary(
                field => field.Key,
                field => field.Value.Replace("{worker}", $"{worker}", StringComparison.Ordinal)
            ),
            MaxSteps = MaxSteps,
        };
}
