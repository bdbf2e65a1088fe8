using System.Buffers;
using System.Security.Cryptography;

namespace AuthServer.Clients;

/// <summary>What an id and a secret must look like when they are brought along and not drawn here.</summary>
internal static class ClientIdentityRules
{
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    );

    /// <summary>A new id: 24 random letters and digits (124 bits).</summary>
    public static string DrawId() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 24);

    /// <returns>Every mistake in what is brought along; none when both are null.</returns>
    public static IEnumerable<MetadataMistake> Check(DescribedClient client)
    {
        if (client.ClientId is { } id)
        {
            // These need no encoding in a URL, a header or a command line.
            if (
                id.Length is 0 or > 100
                || !char.IsAsciiLetterOrDigit(id[0])
                || id.AsSpan().IndexOfAnyExcept(IdCharacters) >= 0
            )
            {
                yield return MetadataMistake.InMetadata(
                    "client_id must be 1 to 100 letters, digits and - . _ ~, and begin with a letter or digit."
                );
            }
            else if (Guid.TryParse(id, out _))
            {
                // RFC 9700 §4.15: a client must not be able to choose an id that passes for a person's sub.
                yield return MetadataMistake.InMetadata("client_id must not be a UUID: those are the ids of people.");
            }
        }

        if (client.ClientSecret is { } secret)
        {
            if (!client.Metadata.UsesSecret)
            {
                // The method may be anything that was sent, so it is named only when it is one that we know.
                var method = ClientMetadataRules.AuthenticationMethods.FirstOrDefault(m =>
                    m == client.Metadata.TokenEndpointAuthMethod
                );
                yield return MetadataMistake.InMetadata(
                    $"client_secret must not be set with token_endpoint_auth_method {method ?? "other than a secret's"}."
                );
            }
            else if (secret.Length is < 32 or > 512 || secret.Any(c => c is < '!' or > '~'))
            {
                // It is kept under a fast hash, so it has to be too long to be guessed.
                yield return MetadataMistake.InMetadata(
                    "client_secret must be 32 to 512 printable ASCII characters without spaces."
                );
            }
        }
    }
}
