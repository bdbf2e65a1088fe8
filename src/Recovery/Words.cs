using System.Globalization;

namespace Recovery;

/// <summary>Times and spans as NHS.UK writes them. The host's pages and messages say them with it too.</summary>
public static class Words
{
    private static readonly TimeZoneInfo London = TimeZoneInfo.TryFindSystemTimeZoneById("Europe/London", out var zone)
        ? zone
        : TimeZoneInfo.Utc;

    /// <returns>Such as "8 seconds" or "15 minutes", never less than the span.</returns>
    public static string Duration(TimeSpan span) =>
        span <= TimeSpan.FromMinutes(1) ? Count(span.TotalSeconds, "second")
        : span > TimeSpan.FromHours(2) || span.Ticks % TimeSpan.TicksPerHour == 0 ? Count(span.TotalHours, "hour")
        : Count(span.TotalMinutes, "minute");

    /// <returns>The clock's time in the United Kingdom.</returns>
    public static DateTime InLondon(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, London).DateTime;

    /// <returns>Such as "5 January 2026 at 3:07pm", in the time of the United Kingdom.</returns>
    public static string Instant(DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, London);
        return local.ToString("d MMMM yyyy 'at' h:mm", CultureInfo.InvariantCulture)
            + (local.Hour < 12 ? "am" : "pm")
            + (London == TimeZoneInfo.Utc ? " UTC" : "");
    }

    private static string Count(double number, string unit) =>
        Math.Max(1, (int)Math.Ceiling(number)) is var whole && whole == 1 ? $"1 {unit}" : $"{whole} {unit}s";
}
