using Recovery;
using Recovery.Ports;

namespace AuthServer.Mail.Letters;

/// <summary>
/// The letter for each of recovery's messages: one list. The words are in the two classes that it names.
/// </summary>
internal sealed class RecoveryLetters(IRecoveryHost host)
{
    private const string Service = "NHS ePortfolios";

    /// <summary>Addresses of pages that letters lead to.</summary>
    private const string ForgottenDetails = "/forgotten-login-details",
        Help = "/help/unable-to-log-in",
        Support = "/help/contact-support";

    public Letter Write(RecoveryMessage message)
    {
        var links = new LetterLinks(
            host.AbsoluteAddress(RecoveryPaths.WithTicket(ForgottenDetails, message.Ticket)),
            host.AbsoluteAddress(RecoveryPaths.WithTicket(Support, message.Ticket))
        );
        var letter = message switch
        {
            RecoveryMessage.Reminder reminder => AccountLetters.Reminder(reminder, links),
            RecoveryMessage.UnknownAddress unknown => AccountLetters.UnknownAddress(unknown, links),
            RecoveryMessage.UnconfirmedAddress unconfirmed => AccountLetters.UnconfirmedAddress(unconfirmed, links),
            RecoveryMessage.DisabledAccount disabled => AccountLetters.Disabled(disabled, links),
            RecoveryMessage.Invitation invitation => AccountLetters.Invitation(invitation),
            RecoveryMessage.PasswordChanged changed => AccountLetters.PasswordChanged(changed, links),
            RecoveryMessage.ProveAddress prove => CaseLetters.ProveAddress(prove),
            RecoveryMessage.ResumeCase resume => CaseLetters.Resume(resume),
            RecoveryMessage.CaseOpened opened => CaseLetters.Opened(opened),
            RecoveryMessage.MoreWanted more => CaseLetters.MoreWanted(more),
            RecoveryMessage.AccessWillBeRestored notice => CaseLetters.AccessWillBeRestored(notice),
            RecoveryMessage.CaseApproved approved => CaseLetters.Approved(approved),
            RecoveryMessage.AccessRestored restored => CaseLetters.AccessRestored(restored),
            RecoveryMessage.CaseRejected rejected => CaseLetters.Rejected(rejected, links),
            RecoveryMessage.CaseStopped stopped => CaseLetters.Stopped(stopped, links),
            RecoveryMessage.CaseStoppedForStaff stopped => CaseLetters.StoppedForStaff(stopped),
            RecoveryMessage.CaseLapsed lapsed => CaseLetters.Lapsed(lapsed, links),
            RecoveryMessage.DeskNews news => DeskLetters.News(news),
            RecoveryMessage.DeskSummary summary => DeskLetters.Summary(summary),
            _ => throw new InvalidOperationException($"There is no letter for {message.GetType()}."),
        };
        return letter with { Ticket = message.Ticket };
    }

    /// <summary>The letter as text and as HTML.</summary>
    public MailBody Render(Letter letter)
    {
        var frame = new LetterFrame(
            Service,
            "Help with logging in",
            host.AbsoluteAddress(RecoveryPaths.WithTicket(Help, letter.Ticket)),
            "This email was sent by a computer: nobody reads answers to it. We never ask for your password."
        );
        return new MailBody(
            letter.Name is { } name ? LetterText.OneLine(name) : null,
            LetterText.Render(letter, frame),
            LetterHtml.Render(letter, frame)
        );
    }
}

/// <param name="ForgottenDetails">Where a new link can be asked for.</param>
/// <param name="Support">Where people find support.</param>
internal sealed record LetterLinks(string ForgottenDetails, string Support);
