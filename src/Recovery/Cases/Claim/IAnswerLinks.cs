namespace Recovery.Cases.Claim;

/// <summary>
/// Makes the link with which a person answers a question of staff. The desk calls it, and sends the question with it.
/// </summary>
internal interface IAnswerLinks
{
    /// <summary>Makes a link in the place of any that the case had before, inside the caller's transaction.</summary>
    Task<AnswerLink> NewAsync(Guid caseId, CancellationToken cancellationToken);
}

/// <param name="Address">Absolute, with the token in its path.</param>
/// <param name="ExpiresAt">Not answered by then, the case lapses.</param>
/// <param name="Hash">SHA-256 of the token.</param>
internal sealed record AnswerLink(string Address, DateTimeOffset ExpiresAt, byte[] Hash);
