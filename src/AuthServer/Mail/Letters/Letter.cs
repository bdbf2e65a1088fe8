namespace AuthServer.Mail.Letters;

/// <summary>
/// What a message says, once; <see cref="LetterText"/> and <see cref="LetterHtml"/> write it down as plain text and as
/// HTML, so that the two never differ and every value is encoded in one place.
/// </summary>
/// <param name="Subject">Short, specific, and nobody's data: it is kept in the trail and shown on locked
/// phones.</param>
/// <param name="Name">Whom to greet, or null.</param>
internal sealed record Letter(string Subject, string? Name, IReadOnlyList<LetterPart> Parts)
{
    /// <summary>For the link to help at its foot, as <see cref="Recovery.Ports.RecoveryMessage.Ticket"/> has it.</summary>
    public string? Ticket { get; init; }
}

internal abstract record LetterPart
{
    private LetterPart() { }

    /// <param name="Text">One or more sentences.</param>
    /// <param name="Link">An absolute address that ends it, or null.</param>
    public sealed record Paragraph(string Text, string? Link = null) : LetterPart;

    public sealed record Heading(string Text) : LetterPart;

    /// <summary>Names and values, such as a username.</summary>
    public sealed record Facts(params IReadOnlyList<Fact> All) : LetterPart;

    /// <summary>What the person is to do: a button in HTML, with its whole address below it.</summary>
    public sealed record Button(string Label, string Link) : LetterPart;

    public sealed record Bullets(params IReadOnlyList<string> All) : LetterPart;

    /// <summary>Somebody else's words, line by line.</summary>
    public sealed record Quote(string Text) : LetterPart;
}

internal sealed record Fact(string Name, string Value);
