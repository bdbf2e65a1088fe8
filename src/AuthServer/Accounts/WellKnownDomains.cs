namespace AuthServer.Accounts;

/// <summary>
/// Domains that many people have an address in. One that differs from them by a single slip is probably misspelt.
/// </summary>
internal static class WellKnownDomains
{
    private static readonly string[] All =
    [
        "nhs.net",
        "doctors.org.uk",
        "doctors.net.uk",
        "gmail.com",
        "googlemail.com",
        "hotmail.com",
        "hotmail.co.uk",
        "outlook.com",
        "live.co.uk",
        "yahoo.com",
        "yahoo.co.uk",
        "icloud.com",
        "btinternet.com",
        "protonmail.com",
    ];

    /// <summary>They exist, and one slip leads from them to one of <see cref="All"/>.</summary>
    private static readonly string[] Neighbours = ["mail.com", "email.com", "ymail.com"];

    /// <param name="domain">Normalized.</param>
    public static bool IsMisspelt(string domain) =>
        !All.Contains(domain) && !Neighbours.Contains(domain) && All.Any(known => IsOneSlipFrom(domain, known));

    /// <summary>One character is wrong, missing or too many, or two have changed places.</summary>
    private static bool IsOneSlipFrom(string typed, string meant)
    {
        var shorter = Math.Min(typed.Length, meant.Length);
        var start = 0;
        while (start < shorter && typed[start] == meant[start])
        {
            start++;
        }

        var end = 0;
        while (end < shorter - start && typed[^(end + 1)] == meant[^(end + 1)])
        {
            end++;
        }

        return (typed[start..^end], meant[start..^end]) switch
        {
            ([var a, var b], [var c, var d]) => (a, b) == (d, c),
            var (wrong, right) => wrong.Length <= 1 && right.Length <= 1,
        };
    }
}
