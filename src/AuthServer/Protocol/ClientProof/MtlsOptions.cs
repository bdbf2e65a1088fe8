using System.Security.Cryptography;
using AuthServer.Clients;
using AuthServer.Protocol.BackchannelLogout;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.ClientProof;

/// <summary>
/// Settings under <c>Mtls</c>: clients that prove who they are by a TLS certificate (RFC 8705). How the certificate
/// arrives (<c>Mtls:Header</c>) is the host's part of the section.
/// </summary>
public sealed class MtlsOptions
{
    public const string Section = "Mtls";

    /// <summary>Certificates of clients are asked for and used. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>
    /// A PEM file with the authorities that clients of <c>tls_client_auth</c> have their certificates from, roots and
    /// intermediates. Default none: that method is off.
    /// </summary>
    public string? CertificateAuthorities { get; set; }

    /// <summary>The methods of client authentication that are on because of these settings.</summary>
    internal IReadOnlyList<string> Methods =>
        (Enabled, CertificateAuthorities) switch
        {
            (false, _) => [],
            (true, null) => [ClientAuthentication.SelfSignedTlsClient],
            (true, _) => [ClientAuthentication.TlsClient, ClientAuthentication.SelfSignedTlsClient],
        };
}

/// <summary>Checks that the file can be read before anything depends on it.</summary>
internal sealed class MtlsRules : IValidateOptions<MtlsOptions>
{
    public ValidateOptionsResult Validate(string? name, MtlsOptions options)
    {
        if (options.CertificateAuthorities is not { } file)
        {
            return ValidateOptionsResult.Success;
        }

        try
        {
            return AppCalls.Read(file).Any(CertificateTrust.IsRoot)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(
                    "Mtls:CertificateAuthorities names a file without a PEM certificate of a root authority in it."
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return ValidateOptionsResult.Fail(
                $"Mtls:CertificateAuthorities cannot be read: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}."
            );
        }
    }
}
