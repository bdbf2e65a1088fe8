namespace AuthServer.Mail;

/// <summary>A message that this sender has taken up.</summary>
/// <param name="Message">As it was when it was taken up.</param>
/// <param name="Attempt">The number under which it was: the first is 1.</param>
internal sealed record MailClaim(OutboxMessage Message, int Attempt);
