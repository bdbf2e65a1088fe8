using System.Text.Json;
using AuthServer.Accounts;

namespace AuthServer.Protocol.Claims;

/// <summary>
/// Writes claims with the JSON types that OIDC Core §5.1 gives them. What is not known is left out (§5.3.2).
/// </summary>
internal static class ClaimWriter
{
    public static void Write(Utf8JsonWriter json, ClaimDefinition claim, Account account)
    {
        switch (claim.Read(account))
        {
            case null or "":
                break;
            case string text:
                json.WriteString(claim.Name, text);
                break;
            case bool flag:
                json.WriteBoolean(claim.Name, flag);
                break;
            case long number:
                json.WriteNumber(claim.Name, number);
                break;
            case IReadOnlyList<string> list:
                json.WriteStartArray(claim.Name);
                foreach (var item in list)
                {
                    json.WriteStringValue(item);
                }

                json.WriteEndArray();
                break;
            case PostalAddress address:
                WriteAddress(json, claim.Name, address);
                break;
            case var other:
                throw new InvalidOperationException($"The claim {claim.Name} has a value of type {other.GetType()}.");
        }
    }

    /// <summary>OIDC Core §5.1.1.</summary>
    private static void WriteAddress(Utf8JsonWriter json, string name, PostalAddress address)
    {
        (string Name, string? Value)[] parts =
        [
            ("formatted", address.Formatted ?? Formatted(address)),
            ("street_address", address.StreetAddress),
            ("locality", address.Locality),
            ("region", address.Region),
            ("postal_code", address.PostalCode),
            ("country", address.Country),
        ];
        if (parts.All(part => string.IsNullOrEmpty(part.Value)))
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (var (part, value) in parts)
        {
            if (!string.IsNullOrEmpty(value))
            {
                json.WriteString(part, value);
            }
        }

        json.WriteEndObject();
    }

    private static string Formatted(PostalAddress a) =>
        string.Join(
            '\n',
            new[] { a.StreetAddress, a.Locality, a.Region, a.PostalCode, a.Country }.Where(line =>
                !string.IsNullOrEmpty(line)
            )
        );
}
