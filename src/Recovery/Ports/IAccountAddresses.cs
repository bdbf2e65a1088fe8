namespace Recovery.Ports;

/// <summary>The e-mail addresses of accounts. The host implements it. Writes join the current transaction.</summary>
public interface IAccountAddresses
{
    /// <summary>The form in which two spellings of an address are the same.</summary>
    string Normalize(string typed);

    /// <summary>
    /// The address that was meant, normalized: without a label before it (<c>mailto:</c>), brackets, or a full stop at
    /// its end.
    /// </summary>
    string Clean(string typed);

    /// <returns>A sentence that says why mail cannot be sent to what was typed, or null when it can.</returns>
    string? Problem(string typed);

    /// <summary>
    /// Every address that is, or ever was, the account's, as typed: where it is told that somebody asks to get in.
    /// </summary>
    Task<IReadOnlyList<string>> HeldAsync(Guid accountId, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a proved address the account's, with the audit event. The one before stays known as an earlier address,
    /// and does not log in any more.
    /// </summary>
    /// <returns>A sentence that says why it cannot be the account's, or null when it is.</returns>
    Task<string?> ChangeAsync(Guid accountId, string email, CancellationToken cancellationToken);

    /// <summary>
    /// Takes an address from an account that it was wrongly given to, with the audit event: the one before is the
    /// account's again, and the wrong one is not kept as an earlier address.
    /// </summary>
    /// <param name="wrong">The address to take away.</param>
    /// <param name="before">The address before, as typed. Null: it had none.</param>
    /// <param name="passwordGeneration">How often a password had been set when it was given.</param>
    /// <returns>
    /// False, and nothing is written, when it is not the account's address any more, or a password was chosen since.
    /// </returns>
    Task<bool> TakeBackAsync(
        Guid accountId,
        string wrong,
        string? before,
        int passwordGeneration,
        CancellationToken cancellationToken
    );
}
