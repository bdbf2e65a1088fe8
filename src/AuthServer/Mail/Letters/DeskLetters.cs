using Recovery.Cases;
using Recovery.Ports;
using static AuthServer.Mail.Letters.LetterPart;

namespace AuthServer.Mail.Letters;

/// <summary>
/// Letters to staff about the support desk. They hold references and numbers, and nothing about a person.
/// </summary>
internal static class DeskLetters
{
    public static Letter News(RecoveryMessage.DeskNews message)
    {
        var only = message is { More: 0, Cases: [var single] } ? single : null;
        return new Letter(
            only is null
                ? $"New on the support desk: {message.Cases.Count + message.More} cases"
                : $"New on the support desk: case {only.Reference}",
            null,
            [
                new Paragraph(
                    only is null
                        ? "These support cases are waiting for staff:"
                        : "This support case is waiting for staff:"
                ),
                new Bullets([.. message.Cases.Select(item => $"{item.Reference}: {Words(item.News)}")]),
                .. message.More > 0 ? [new Paragraph($"There are {message.More} more.")] : Array.Empty<LetterPart>(),
                new Button(only is null ? "Open the support desk" : "Open the case", message.Link),
                Settings(message.Settings),
            ]
        );
    }

    public static Letter Summary(RecoveryMessage.DeskSummary message)
    {
        var figures = message.Figures;
        return new Letter(
            "Summary of the support desk",
            null,
            [
                .. figures.Alarms > 0
                    ?
                    [
                        new Paragraph(
                            $"Alarms: {figures.Alarms}. After access was given, a person at an address that we hold said it was not them. Look into these first."
                        ),
                    ]
                    : Array.Empty<LetterPart>(),
                new Facts(
                    new Fact("Cases that need a decision", $"{figures.Waiting}"),
                    new Fact("Assigned to you", $"{figures.Mine}"),
                    new Fact("With something new", $"{figures.News}"),
                    new Fact("Need a second approval", $"{figures.Second}"),
                    new Fact("Asked for more", $"{figures.Asked}"),
                    new Fact(
                        "Oldest case opened",
                        figures.OldestOpenedAt is { } oldest ? Recovery.Words.Instant(oldest) : "None is open"
                    )
                ),
                new Button("Open the support desk", message.Link),
                Settings(message.Settings),
            ]
        );
    }

    private static string Words(CaseNews news) =>
        news switch
        {
            CaseNews.Opened => "a new case",
            CaseNews.Answered => "the person answered our question",
            CaseNews.Returned => "approved, but the link could not be sent",
            _ => throw new InvalidOperationException($"There are no words for {news}."),
        };

    private static Paragraph Settings(string link) =>
        new("You asked for this email. Choose which emails about cases you are sent:", link);
}
