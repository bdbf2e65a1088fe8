namespace AuthServer.Mail.Transports;

/// <summary>A reply (RFC 5321 §4.2): three digits and some lines of text.</summary>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    /// <summary>The server is closing the connection, whatever was asked (RFC 5321 §3.8).</summary>
    public const int Closing = 421;

    public bool IsPositive => Code is >= 200 and < 300;

    /// <summary>5yz: asking again will not help (RFC 5321 §4.2.1).</summary>
    public bool IsPermanent => Code >= 500;

    /// <summary>
    /// A permanent refusal that is about us and not about the person: we have to authenticate, or may not relay (RFC
    /// 4954 §6, X.7.Z of RFC 3463). An operator can mend that, so the message is kept.
    /// </summary>
    public bool IsAboutUs =>
        Code is 530 or 535 or 538 || (Code is 550 or 554 && Lines[0].StartsWith("5.7.", StringComparison.Ordinal));

    public override string ToString() => ServerAnswer.Scrub($"{Code} {string.Join(' ', Lines)}");
}

/// <summary>The other side does not speak SMTP as it should, or not as privately as we want.</summary>
internal sealed class SmtpException(string message) : Exception(message);
