using Recovery.Ports;
using static AuthServer.Mail.Letters.LetterPart;

namespace AuthServer.Mail.Letters;

/// <summary>
/// Letters about a person's own account. Each says who asked, what has changed, and what to do if it was somebody else.
/// </summary>
internal static class AccountLetters
{
    public static Letter Reminder(RecoveryMessage.Reminder message, LetterLinks links) =>
        message.Accounts switch
        {
            [{ Link: { } link, ExpiresAt: { } expiresAt } only] => new(
                "Your username, and a link to choose a new password",
                message.Name,
                [
                    new Paragraph($"{Asked(message.Asked)} for the login details of this email address."),
                    new Facts(new Fact("Your username", only.Username)),
                    only.HasPassword
                        ? new Paragraph(
                            "If you know your password, you can log in with this username now. If you do not, choose a new one."
                        )
                        : new Paragraph("This account has no password yet. Choose one, and you can log in."),
                    new Button(only.HasPassword ? "Choose a new password" : "Choose a password", link),
                    WorksUntil(expiresAt),
                    .. NothingHasChanged(links, message.Accounts),
                ]
            ),
            var several => new(
                "Your usernames, and links to choose a new password",
                message.Name,
                [
                    new Paragraph(
                        $"{Asked(message.Asked)} for the login details of this email address. {Count(several.Count)} accounts use it."
                    ),
                    .. several.SelectMany(account =>
                        new LetterPart[]
                        {
                            new Heading(account.DisplayName),
                            new Facts(new Fact("Username", account.Username)),
                            account.Link is { } link
                                ? new Button(
                                    $"Choose a {(account.HasPassword ? "new " : "")}password for {LetterText.OneLine(account.Username)}",
                                    link
                                )
                            : account.Disabled
                                ? new Paragraph(
                                    "This account has been locked. Our support team can tell you why, and open it again:",
                                    links.Support
                                )
                            : new Paragraph(
                                "We have sent several links for this account in the last hour. Use the newest of them, or ask again in an hour."
                            ),
                        }
                    ),
                    .. several.Min(account => account.ExpiresAt) is { } expiresAt
                        ? [WorksUntil(expiresAt, links: "Each link works")]
                        : Array.Empty<LetterPart>(),
                    .. NothingHasChanged(links, several),
                ]
            ),
        };

    public static Letter UnknownAddress(RecoveryMessage.UnknownAddress message, LetterLinks links) =>
        new(
            "No account uses this email address",
            null,
            [
                new Paragraph(
                    $"{Asked(message.Asked)} for the login details of this email address. No NHS ePortfolios account uses it."
                ),
                new Paragraph("Your account may have another of your addresses. Try:"),
                new Bullets(
                    "the address that you had when your training began",
                    "the address of your university or of an earlier employer",
                    "your NHS address, or your personal one"
                ),
                new Button("Try another email address", links.ForgottenDetails),
                new Paragraph("If you cannot read email at any of them, our support team can help:", links.Support),
                new Paragraph("If you did not ask for this, you do not need to do anything."),
            ]
        );

    public static Letter UnconfirmedAddress(RecoveryMessage.UnconfirmedAddress message, LetterLinks links) =>
        new(
            "Your email address has not been confirmed",
            null,
            [
                new Paragraph($"{Asked(message.Asked)} for the login details of this email address."),
                new Paragraph(
                    "An NHS ePortfolios account has this address, but it has not been confirmed that the address belongs to the owner of the account. Until it is, we cannot send the details here."
                ),
                new Paragraph("If the account has another of your addresses, try that one:"),
                new Button("Try another email address", links.ForgottenDetails),
                new Paragraph("If it does not, our support team can help:", links.Support),
                new Paragraph("If you did not ask for this, you do not need to do anything."),
            ]
        );

    public static Letter Disabled(RecoveryMessage.DisabledAccount message, LetterLinks links) =>
        new(
            message.Usernames.Count == 1 ? "Your account is locked" : "Your accounts are locked",
            message.Name,
            [
                new Paragraph($"{Asked(message.Asked)} for the login details of this email address."),
                new Facts([.. message.Usernames.Select(username => new Fact("Your username", username))]),
                message.Usernames.Count == 1
                    ? new Paragraph(
                        "This account has been locked, so we cannot send you a link to choose a new password. Our support team can tell you why, and open it again."
                    )
                    : new Paragraph(
                        "These accounts have been locked, so we cannot send you links to choose a new password. Our support team can tell you why, and open them again."
                    ),
                new Button("Contact support", links.Support),
                new Paragraph("If you did not ask for this, you do not need to do anything."),
            ]
        );

    public static Letter Invitation(RecoveryMessage.Invitation message) =>
        new(
            "Choose a password for NHS ePortfolios",
            message.Name,
            [
                new Paragraph(
                    "You have an account with NHS ePortfolios. It is the one log-in for the apps that keep the record of your training."
                ),
                new Facts(new Fact("Your username", message.Username)),
                new Paragraph("Choose a password, and you can log in."),
                new Button("Choose a password", message.Link),
                WorksUntil(message.ExpiresAt),
                new Paragraph(
                    "If you did not expect this, you do not need to do anything: nobody can log in to the account until a password is chosen."
                ),
            ]
        );

    public static Letter PasswordChanged(RecoveryMessage.PasswordChanged message, LetterLinks links) =>
        new(
            message.IsFirst ? "You have created your password" : "Your password was changed",
            message.Name,
            [
                new Paragraph(
                    message.IsFirst
                        ? $"The first password of your account was chosen on {Words.Instant(message.Changed.At)}{From(message.Changed)}."
                        : $"The password of your account was changed on {Words.Instant(message.Changed.At)}{From(message.Changed)}."
                ),
                new Facts(new Fact("Your username", message.Username)),
                new Paragraph(
                    message.IsFirst
                        ? "If this was you, you do not need to do anything. From now on you log in with this username and your password."
                        : "If this was you, you do not need to do anything. You have been logged out wherever you were logged in before, and can log in with the new password."
                ),
                new Paragraph("If this was not you, choose another password now, then tell our support team."),
                new Button("Choose another password", links.ForgottenDetails),
                new Paragraph("Our support team:", links.Support),
            ]
        );

    private static string Asked(Circumstances asked) =>
        $"On {Words.Instant(asked.At)}, somebody{From(asked, "using")} asked";

    private static string From(Circumstances asked, string how = "from") =>
        asked.Browser is { } browser ? $" {how} {browser}" : "";

    private static string Count(int number) =>
        number switch
        {
            2 => "Two",
            3 => "Three",
            4 => "Four",
            _ => $"{number}",
        };

    private static Paragraph WorksUntil(DateTimeOffset expiresAt, string links = "The link works") =>
        new($"{links} once, until {Words.Instant(expiresAt)}. If you ask for another, only the newest one works.");

    private static LetterPart[] NothingHasChanged(LetterLinks links, IReadOnlyList<RemindedAccount> accounts) =>
        [
            accounts.Any(account => account is { HasPassword: true, Disabled: false })
                ? new Paragraph("Nothing has changed yet: your present password works until you choose a new one.")
                : new Paragraph("Nothing has changed yet."),
            new Paragraph(
                "If you did not ask for this, you do not need to do anything. If it happens again and again, tell our support team:",
                links.Support
            ),
        ];
}
