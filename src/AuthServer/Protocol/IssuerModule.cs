using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol;

/// <summary>
/// Fills <see cref="ProtocolOptions.Issuer"/> from the key <c>Issuer</c>, and checks it (OIDC Discovery §3, RFC 8414
/// §2).
/// </summary>
internal static class IssuerModule
{
    public static IServiceCollection AddIssuer(
        this IServiceCollection services,
        IConfiguration configuration,
        IHostEnvironment environment
    )
    {
        services
            .AddOptions<ProtocolOptions>()
            .PostConfigure<IServiceProvider>(
                (options, provider) =>
                    options.Issuer =
                        configuration["Issuer"] is { Length: > 0 } issuer ? issuer
                        : environment.IsDevelopment() ? ListeningUrl(configuration, provider.GetService<IServer>())
                        : ""
            );
        services.AddSingleton<IValidateOptions<ProtocolOptions>, IssuerRules>();
        return services;
    }

    /// <summary>The first URL that the server listens on, or will; any host is called localhost.</summary>
    private static string ListeningUrl(IConfiguration configuration, IServer? server)
    {
        var url =
            server?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? configuration["urls"]
                ?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .FirstOrDefault()
            ?? configuration
                .GetSection("Kestrel:Endpoints")
                .GetChildren()
                .Select(endpoint => endpoint["Url"])
                .FirstOrDefault(u => u is not null)
            ?? (
                configuration["http_ports"]?.Split(';') is [{ Length: > 0 } port, ..]
                    ? "http://localhost:" + port
                    : null
            )
            ?? "http://localhost:5000";
        try
        {
            var address = BindingAddress.Parse(url);
            var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
            return IssuerRules.Canonical(new Uri($"{address.Scheme}://{host}:{address.Port}"));
        }
        catch (FormatException)
        {
            return "http://localhost"; // the server will not listen on such a URL, and says so itself
        }
    }
}

/// <summary>A sentence for each way to get the issuer wrong.</summary>
internal sealed class IssuerRules : IValidateOptions<ProtocolOptions>
{
    public ValidateOptionsResult Validate(string? name, ProtocolOptions options) =>
        Mistake(options.Issuer) is { } mistake ? ValidateOptionsResult.Fail(mistake) : ValidateOptionsResult.Success;

    public static string? Mistake(string issuer)
    {
        if (issuer.Length == 0)
        {
            return "Issuer is missing: set it to the URL that people reach this server at, such as https://auth.example.nhs.uk.";
        }

        if (
            !Uri.TryCreate(issuer, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp)
        )
        {
            return $"Issuer must be an absolute https URL, such as https://auth.example.nhs.uk; it is \"{issuer}\".";
        }

        if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback)
        {
            return $"Issuer must be an https URL: http is for localhost only; it is \"{issuer}\".";
        }

        // Apps compare it character by character, so it is written in the one way that cannot be written otherwise.
        return issuer.EndsWith('/') ? $"Issuer must not end in a slash; it is \"{issuer}\"."
            : uri.Query.Length > 0 || issuer.Contains('?', StringComparison.Ordinal)
                ? $"Issuer must not have a query; it is \"{issuer}\"."
            : issuer.Contains('#', StringComparison.Ordinal) ? $"Issuer must not have a fragment; it is \"{issuer}\"."
            : uri.UserInfo.Length > 0 ? $"Issuer must not hold a user name; it is \"{issuer}\"."
            : uri.AbsolutePath != "/"
                ? $"Issuer must not have a path: this server has a host name to itself; it is \"{issuer}\"."
            : Canonical(uri) is var canonical && issuer != canonical
                ? $"Issuer must be written as {canonical}; it is \"{issuer}\"."
            : null;
    }

    /// <summary>Scheme and host in lower case and ASCII, and no port that the scheme has anyway.</summary>
    public static string Canonical(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return uri.IsDefaultPort ? $"{uri.Scheme}://{host}" : $"{uri.Scheme}://{host}:{uri.Port}";
    }
}
