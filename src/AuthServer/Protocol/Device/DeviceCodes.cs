namespace AuthServer.Protocol.Device;

/// <summary>What device and user codes look like, and how long they work (RFC 8628 §3.2, §6.1).</summary>
internal static class DeviceCodes
{
    /// <summary>
    /// Consonants, so that no words come about, without those that are easily confused (RFC 8628 §6.1). Upper case.
    /// </summary>
    public const string Letters = "BCDFGHJKLMNPQRSTVWXZ";

    /// <summary>Letters of a user code: 20^8 codes.</summary>
    public const int Length = 8;

    /// <summary>How a user code is shown; a format of its letters.</summary>
    public const string DisplayFormat = "{0}{1}{2}{3}-{4}{5}{6}{7}";

    /// <summary>How long both codes work.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long a device waits between two polls (<c>interval</c>).</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>By how much a poll may come too soon: a device that waits for 5 s has the network in between.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Reads a user code as it was typed: in any case, with or without hyphens (of any kind) and spaces.
    /// </summary>
    /// <returns>Its letters in upper case, or null when it is no user code.</returns>
    public static string? Read(string? typed)
    {
        if (typed is null || typed.Length > 100)
        {
            return null;
        }

        var letters = string.Concat(
            typed.Where(c => !char.IsWhiteSpace(c) && !char.IsPunctuation(c)).Select(char.ToUpperInvariant)
        );
        return letters.Length == Length && letters.All(Letters.Contains) ? letters : null;
    }

    /// <returns>A code as <see cref="Read"/> returns it, in the form that devices show.</returns>
    public static string Show(string code) => $"{code[..4]}-{code[4..]}";
}
