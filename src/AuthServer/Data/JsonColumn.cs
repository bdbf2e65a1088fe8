using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Data;

/// <summary>
/// Keeps a value as one JSON column: a new member of it needs no migration, and erasing it is one update.
/// </summary>
internal static class JsonColumn
{
    public static PropertyBuilder<T> IsJson<T>(this PropertyBuilder<T> property) =>
        property.HasConversion(
            value => JsonSerializer.Serialize(value, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Default)!,
            new ValueComparer<T>(
                (left, right) =>
                    JsonSerializer.Serialize(left, JsonSerializerOptions.Default)
                    == JsonSerializer.Serialize(right, JsonSerializerOptions.Default),
                value =>
                    JsonSerializer
                        .Serialize(value, JsonSerializerOptions.Default)
                        .GetHashCode(StringComparison.Ordinal),
                value =>
                    JsonSerializer.Deserialize<T>(
                        JsonSerializer.Serialize(value, JsonSerializerOptions.Default),
                        JsonSerializerOptions.Default
                    )!
            )
        );
}
