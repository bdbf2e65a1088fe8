using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AuthServer.Data;

/// <summary>Stores an instant as its UTC tick count (100 ns since 0001-01-01), which SQLite can compare.</summary>
internal sealed class UtcTicksConverter()
    : ValueConverter<DateTimeOffset, long>(
        instant => instant.UtcTicks,
        ticks => new DateTimeOffset(ticks, TimeSpan.Zero)
    );

/// <summary>
/// Brings an instant to UTC and whole microseconds, the precision of PostgreSQL's <c>timestamptz</c>.
/// </summary>
internal sealed class UtcMicrosecondsConverter()
    : ValueConverter<DateTimeOffset, DateTimeOffset>(
        instant => new DateTimeOffset(
            instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond),
            TimeSpan.Zero
        ),
        instant => instant
    );

/// <summary>The same for OpenIddict's entities, which keep their instants as <see cref="DateTime"/>.</summary>
internal sealed class UtcDateTimeTicksConverter()
    : ValueConverter<DateTime, long>(
        instant => instant.ToUniversalTime().Ticks,
        ticks => new DateTime(ticks, DateTimeKind.Utc)
    );

/// <summary>The same for OpenIddict's entities, which keep their instants as <see cref="DateTime"/>.</summary>
internal sealed class UtcDateTimeMicrosecondsConverter()
    : ValueConverter<DateTime, DateTime>(
        instant => new DateTime(
            instant.ToUniversalTime().Ticks - (instant.ToUniversalTime().Ticks % TimeSpan.TicksPerMicrosecond),
            DateTimeKind.Utc
        ),
        instant => instant
    );
