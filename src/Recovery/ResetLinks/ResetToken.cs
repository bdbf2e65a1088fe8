namespace Recovery.ResetLinks;

/// <summary>The secret of a reset link (<see cref="LinkSecret"/>), and what mail programs put after it.</summary>
internal static class ResetToken
{
    /// <returns>The token as it stands in the link, and the hash to store.</returns>
    public static (string Text, byte[] Hash) New() => LinkSecret.New();

    /// <param name="text">As received. A full stop, bracket or quotation mark after it is ignored.</param>
    /// <returns>The hash to look for in the database, or null when the text cannot be a token.</returns>
    public static byte[]? HashOf(string? text) =>
        LinkSecret.HashOf(text?.Trim().TrimEnd('.', ',', ';', ':', ')', ']', '>', '"', '\''));
}
