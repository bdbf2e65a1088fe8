namespace Recovery.Cases.Desk;

/// <summary>References as people read them out.</summary>
internal static class CaseReferences
{
    /// <returns>
    /// As it is kept. Small letters, hyphens and spaces do not count; letters that look like digits are these
    /// (Crockford's base 32).
    /// </returns>
    public static string Read(string? typed) =>
        string.Concat(
            (typed ?? "")
                .ToUpperInvariant()
                .Where(char.IsAsciiLetterOrDigit)
                .Select(c =>
                    c switch
                    {
                        'O' => '0',
                        'I' or 'L' => '1',
                        _ => c,
                    }
                )
        );
}
