using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using AuthServer.Audit;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Data;

/// <summary>
/// Looks after the data-protection keys that a certificate seals. The framework passes over a key that it cannot open
/// and makes another, which would end every session, and leave the new key unsealed where the certificate is missing.
/// </summary>
internal sealed class SealedKeys(
    IServiceProvider services,
    IServiceScopeFactory scopes,
    HotSql sql,
    IOptions<KeyManagementOptions> options,
    TimeProvider clock
)
{
    private const string NextKey = "SELECT name, xml FROM data_protection_keys WHERE name > $1 ORDER BY name LIMIT 1";

    private static readonly XName EncryptedSecret = "{http://schemas.asp.net/2015/03/dataProtection}encryptedSecret";

    /// <summary>What was found out already, by the key's text: opening one costs an RSA operation.</summary>
    private readonly ConcurrentDictionary<string, bool> _opens = [];

    /// <returns>Why this process must not use the keys of its database, as one sentence; null when it may.</returns>
    public async Task<string?> ProblemAsync(CancellationToken cancellationToken)
    {
        // Without Entity Framework, whose first use takes as long as the rest of the start.
        List<string> keys = [];
        var name = "";
        while (
            await sql.ReadOneAsync(NextKey, row => Tuple.Create(row.Text(0), row.Text(1)), cancellationToken, name)
                is { } next
        )
        {
            keys.Add(next.Item2);
            name = next.Item1;
        }

        return Problem(keys);
    }

    /// <summary>Before a new key is stored beside those that are there.</summary>
    /// <exception cref="SealedKeysException">It would be sealed less than they are, or they cannot be opened
    /// here.</exception>
    public void EnsureUsable(IEnumerable<string> keys)
    {
        if (Problem(keys) is { } problem)
        {
            throw new SealedKeysException(problem);
        }
    }

    /// <summary>
    /// The certificate is lost for good: removes the keys that cannot be opened. What they sealed is lost with them.
    /// </summary>
    /// <param name="actor">For the audit trail.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="SealedKeysException">No certificate is configured that would seal the next key.</exception>
    public async Task<int> RemoveUnopenableAsync(string actor, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        var keys = await db.DataProtectionKeys.ToListAsync(cancellationToken);
        var lost = keys.Where(key => !Opens(key.Xml)).ToList();
        if (lost.Count > 0 && options.Value.XmlEncryptor is null)
        {
            throw new SealedKeysException(
                "Set DataProtection:CertificateFile to the new certificate first: the next key must be sealed too."
            );
        }

        if (lost.Count > 0)
        {
            db.DataProtectionKeys.RemoveRange(lost);
            scope
                .ServiceProvider.GetRequiredService<AuditTrail>()
                .Record(AuditKinds.DataProtectionKeysRemoved, actor: actor, detail: $"keys={lost.Count}");
            await db.SaveChangesAsync(cancellationToken);
        }

        return lost.Count;
    }

    private string? Problem(IEnumerable<string> keys)
    {
        string[] sealedKeys = [.. keys.Where(IsSealed)];
        if (sealedKeys.Length == 0)
        {
            return null;
        }

        if (options.Value.XmlEncryptor is null)
        {
            return "The keys in this database are sealed with a certificate: set DataProtection:CertificateFile (and KeyFile or Password) to it.";
        }

        return sealedKeys.All(key => HasExpired(key) || Opens(key))
            ? null
            : "The keys in this database are sealed with another certificate than DataProtection:CertificateFile names: set "
                + "DataProtection:CertificateFile, or DataProtection:Earlier:0:CertificateFile, to that one; if it is lost for good, "
                + "run \"AuthServer keys rotate --certificate-lost\", which logs everybody out.";
    }

    private static bool IsSealed(string key) => SecretOf(key) is not null;

    private bool HasExpired(string key) =>
        DateTimeOffset.TryParse(
            XElement.Parse(key).Element("expirationDate")?.Value,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var end
        )
        && end <= clock.GetUtcNow();

    private bool Opens(string key) =>
        SecretOf(key) is not { } secret
        || _opens.GetOrAdd(
            key,
            _ =>
            {
                try
                {
                    return new EncryptedXmlDecryptor(services).Decrypt(secret) is not null;
                }
                catch (CryptographicException)
                {
                    return false;
                }
            }
        );

    private static XElement? SecretOf(string key) =>
        XElement
            .Parse(key)
            .Descendants(EncryptedSecret)
            .SingleOrDefault(secret =>
                secret
                    .Attribute("decryptorType")
                    ?.Value.StartsWith(typeof(EncryptedXmlDecryptor).FullName!, StringComparison.Ordinal)
                    is true
            )
            ?.Elements()
            .SingleOrDefault();
}

/// <summary>
/// The keys in the database must not be used, or added to, with the certificate that is configured. The message is for
/// the operator.
/// </summary>
internal sealed class SealedKeysException(string sentence) : Exception(sentence);
