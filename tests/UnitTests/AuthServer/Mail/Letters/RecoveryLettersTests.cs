using AuthServer.Accounts;
using AuthServer.Mail;
using AuthServer.Mail.Letters;
using AuthServer.Pages;
using AuthServer.Protocol;
using AuthServer.Protocol.Authorize;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Ports;
using TestSupport;

namespace UnitTests.AuthServer.Mail.Letters;

public sealed class RecoveryLettersTests
{
    /// <summary>What a person, or somebody who means them harm, may have typed.</summary>
    private const string Typed = "O’Brien <script>alert(1)</script>\r\n\r\n\"& https://evil.example/\u202E";

    private const string Link = "https://auth.example.test/page/token-1?a=b&c=d";

    private static readonly DateTimeOffset Now = new(2026, 7, 31, 9, 0, 0, TimeSpan.Zero);

    private static readonly Circumstances Asked = new(Now, "Safari on iPhone");

    private static readonly RecoveryLetters Letters = new(
        new RecoveryHost(
            Options.Create(new ProtocolOptions { Issuer = "https://auth.example.test" }),
            new AuthorizeTickets(new EphemeralDataProtectionProvider(), new FixedClock()),
            new CarriedText(new EphemeralDataProtectionProvider(), new FixedClock())
        )
    );

    private static readonly RecoveryMessage[] Messages =
    [
        new RecoveryMessage.Reminder(Typed, [new(Typed, Typed, Link, Now.AddHours(1))], Asked),
        new RecoveryMessage.UnknownAddress(Asked),
        new RecoveryMessage.UnconfirmedAddress(Asked),
        new RecoveryMessage.DisabledAccount(Typed, [Typed, Typed], Asked),
        new RecoveryMessage.Invitation(Typed, Typed, Link, Now.AddDays(7)),
        new RecoveryMessage.PasswordChanged(Typed, Typed, Asked),
        new RecoveryMessage.ProveAddress("7K3M9QTX", Link, Now.AddHours(20)),
        new RecoveryMessage.ResumeCase("7K3M9QTX", Link, Now.AddHours(20)),
        new RecoveryMessage.CaseOpened("7K3M9QTX", Link),
        new RecoveryMessage.MoreWanted("7K3M9QTX", Typed, Link, Now.AddDays(7)),
        new RecoveryMessage.AccessWillBeRestored(Typed, Typed, "7K3M9QTX", Now.AddDays(1), Link),
        new RecoveryMessage.CaseApproved("7K3M9QTX", Now.AddDays(1)),
        new RecoveryMessage.AccessRestored(Typed, Typed, "7K3M9QTX", Link, Now.AddHours(1)),
        new RecoveryMessage.CaseRejected("7K3M9QTX", Typed),
        new RecoveryMessage.CaseStopped("7K3M9QTX"),
        new RecoveryMessage.CaseStoppedForStaff("7K3M9QTX"),
        new RecoveryMessage.CaseLapsed("7K3M9QTX"),
        new RecoveryMessage.DeskNews(
            [new("7K3M9QTX", CaseNews.Answered), new("8K3M9QTX", CaseNews.Opened)],
            3,
            Link,
            Link
        ),
        new RecoveryMessage.DeskSummary(new DeskFigures(7, 2, 1, 1, 3, 4, 1, Now), Link, Link),
    ];

    [Fact]
    public void The_notice_of_a_first_password_tells_of_no_change_and_no_log_out()
    {
        var letter = Letters.Write(new RecoveryMessage.PasswordChanged("Anna", "smith4821", Asked, IsFirst: true));

        var text = letter.Subject + Letters.Render(letter).Text;
        Assert.DoesNotContain("changed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("logged out", text, StringComparison.Ordinal);
        Assert.Contains("smith4821", text, StringComparison.Ordinal);
    }

    public static TheoryData<string> Kinds() => [.. Messages.Select(message => message.GetType().Name)];

    [Fact]
    public void Every_message_of_recovery_is_tested_here()
    {
        var all = typeof(RecoveryMessage)
            .GetNestedTypes()
            .Where(type => type.IsSubclassOf(typeof(RecoveryMessage)))
            .Select(type => type.Name);

        Assert.Equal(all.Order(), Messages.Select(message => message.GetType().Name).Order());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_a_person_typed_is_text_in_html_and_one_line_in_text(string kind)
    {
        var body = BodyOf(kind);
        var page = Html.Parse(body.Html);

        Assert.Empty(page.QuerySelectorAll("script, img, link, style, form"));
        Assert.DoesNotContain("\u202E", body.Text + body.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", body.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            page.QuerySelectorAll("a"),
            link => link.GetAttribute("href")?.Contains("evil", StringComparison.Ordinal) != false
        );
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Text_and_html_say_the_same(string kind)
    {
        var body = BodyOf(kind);
        var html = Html.Text(Html.Parse(body.Html).Body);

        var sentences = body
            .Text.Split('\n')
            .Select(line => line.TrimStart('*', '>', ' ').TrimEnd(':'))
            .Where(line => line.Length > 0)
            .Select(line =>
                line.Replace(": https://auth.example.test/help/unable-to-log-in", "", StringComparison.Ordinal)
            ); // behind its label

        Assert.All(
            sentences,
            sentence => Assert.Contains(Squeezed(sentence), Squeezed(html), StringComparison.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_has_one_action_a_short_subject_and_a_greeting_and_signs_off(string kind)
    {
        var letter = LetterOf(kind);
        var body = Letters.Render(letter);

        Assert.InRange(letter.Parts.OfType<LetterPart.Button>().Count(), 0, 1);
        Assert.InRange(letter.Subject.Length, 10, 60);
        Assert.DoesNotContain("O’Brien", letter.Subject, StringComparison.Ordinal);
        Assert.Matches("^(Dear O’Brien |Hello,)", body.Text);
        Assert.Contains(
            "NHS ePortfolios\nHelp with logging in: https://auth.example.test/help/unable-to-log-in\n",
            body.Text,
            StringComparison.Ordinal
        );
        Assert.DoesNotMatch("(?i)please|sorry|oops|valid|\\bclick|sign in|login(?![ -]details)", body.Text);
    }

    [Fact]
    public void Two_accounts_of_an_address_are_in_one_letter_with_a_link_each()
    {
        var message = new RecoveryMessage.Reminder(
            null,
            [
                new("smith4821", "Ann Smith", Link + "1", Now.AddHours(1)),
                new("smith7310", "Ann Smith (supervisor)", Link + "2", Now.AddHours(1)),
            ],
            Asked
        );

        var text = Letters.Render(Letters.Write(message)).Text;

        Assert.StartsWith(
            "Hello,\n\nOn 31 July 2026 at 10:00am, somebody using Safari on iPhone asked",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Username: smith7310\n\nChoose a new password for smith7310:\n" + Link + "2\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("Each link works once, until 31 July 2026 at 11:00am.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_of_staff_keeps_its_lines_and_stays_a_quotation()
    {
        var text = Letters
            .Render(Letters.Write(new RecoveryMessage.MoreWanted("7K3M9QTX", "Which post?\n\nAnd when?\n", Link, Now)))
            .Text;

        Assert.Contains("\n\n> Which post?\n>\n> And when?\n\n", text, StringComparison.Ordinal);
    }

    private static Letter LetterOf(string kind) =>
        Letters.Write(Messages.Single(message => message.GetType().Name == kind));

    private static MailBody BodyOf(string kind) => Letters.Render(LetterOf(kind));

    private static string Squeezed(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
