using Recovery.Ports;
using static AuthServer.Mail.Letters.LetterPart;

namespace AuthServer.Mail.Letters;

/// <summary>Letters about a support case: a person cannot get into any address that we know.</summary>
internal static class CaseLetters
{
    private static readonly Paragraph NotYou = new("If you did not ask for this, you do not need to do anything.");

    public static Letter ProveAddress(RecoveryMessage.ProveAddress message) =>
        new(
            $"Confirm your email address, case {message.Reference}",
            null,
            [
                new Paragraph(
                    "You asked our support team to help you get into your account. Confirm that you can read email at this address, and your case goes to them."
                ),
                Reference(message.Reference),
                new Button("Confirm this email address", message.Link),
                new Paragraph($"The link works until {Words.Instant(message.ExpiresAt)}."),
                NotYou,
            ]
        );

    public static Letter Resume(RecoveryMessage.ResumeCase message) =>
        new(
            $"Go on with your form, case {message.Reference}",
            null,
            [
                new Paragraph(
                    "You began a form for our support team and asked for a link to go on with it later. Your answers so far are kept."
                ),
                Reference(message.Reference),
                new Button("Go on with your form", message.Link),
                new Paragraph(
                    $"The link works until {Words.Instant(message.ExpiresAt)}. After that your answers are deleted."
                ),
                NotYou,
            ]
        );

    public static Letter Opened(RecoveryMessage.CaseOpened message) =>
        new(
            $"Your case {message.Reference} is open",
            null,
            [
                new Paragraph(
                    "Your email address is confirmed, and our support team has your case. They compare what you told us with what we hold, and write to you at this address."
                ),
                Reference(message.Reference),
                new Button("See how your case is going", message.Link),
                new Paragraph("We never ask for a password, on the telephone or by email."),
            ]
        );

    public static Letter MoreWanted(RecoveryMessage.MoreWanted message) =>
        new(
            $"We need to know more, case {message.Reference}",
            null,
            [
                new Paragraph("Our support team has a question about your case:"),
                new Quote(message.Question),
                Reference(message.Reference),
                new Button("Answer the question", message.Link),
                new Paragraph(
                    $"The link works until {Words.Instant(message.ExpiresAt)}. If you have not answered by then, your case is closed."
                ),
            ]
        );

    public static Letter AccessWillBeRestored(RecoveryMessage.AccessWillBeRestored message) =>
        new(
            "Somebody has asked to get into your account",
            message.Name,
            [
                new Paragraph(
                    "Somebody who cannot read email at the addresses we hold for your account asked our support team to be let in. The team compared what they were told with what we hold, and agreed."
                ),
                new Facts(new Fact("Your username", message.Username), new Fact("Reference", message.Reference)),
                new Paragraph(
                    $"Unless it is stopped, a link to choose a new password goes to another email address on {Words.Instant(message.ReleaseAt)}."
                ),
                new Paragraph("If this was not you, stop it now. You do not need to log in."),
                new Button("Stop it", message.StopLink),
                new Paragraph("If this was you, you do not need to do anything."),
            ]
        );

    public static Letter Approved(RecoveryMessage.CaseApproved message) =>
        new(
            $"Your case {message.Reference} was approved",
            null,
            [
                new Paragraph("Our support team agreed that you may get into your account."),
                Reference(message.Reference),
                new Paragraph(
                    $"We send you a link to choose a new password at this address on {Words.Instant(message.ReleaseAt)}. You do not need to do anything until then."
                ),
                new Paragraph(
                    "The wait protects you: we have written to every other address of the account, so that its owner could stop somebody who is not them."
                ),
            ]
        );

    public static Letter AccessRestored(RecoveryMessage.AccessRestored message) =>
        new(
            "Your username, and a link to choose a new password",
            message.Name,
            [
                new Paragraph("You asked our support team to help you get into your account, and can do so now."),
                new Facts(new Fact("Your username", message.Username), new Fact("Your case", message.Reference)),
                new Button("Choose a new password", message.Link),
                new Paragraph($"The link works once, until {Words.Instant(message.ExpiresAt)}."),
            ]
        );

    public static Letter Rejected(RecoveryMessage.CaseRejected message, LetterLinks links) =>
        new(
            $"About your case {message.Reference}",
            null,
            [
                new Paragraph("Our support team could not agree to let you into the account that you asked for."),
                new Facts(new Fact("Your case", message.Reference), new Fact("Reason", message.Reason)),
                new Paragraph("If you have more to tell us, you can open a new case."),
                new Button("Contact support", links.Support),
            ]
        );

    public static Letter Stopped(RecoveryMessage.CaseStopped message, LetterLinks links) =>
        new(
            $"Your case {message.Reference} was stopped",
            null,
            [
                new Paragraph(
                    message.Late
                        ? "Somebody who reads email at an address of the account stopped your case. The link that we sent you does not work any more, and this address is not the account's."
                        : "Before your link was sent, somebody who reads email at an address of the account stopped your case. Nothing about the account has changed."
                ),
                Reference(message.Reference),
                new Paragraph("If the account is yours and you did not stop this yourself, tell our support team."),
                new Button("Contact support", links.Support),
            ]
        );

    public static Letter StoppedForStaff(RecoveryMessage.CaseStoppedForStaff message) =>
        new(
            message.Moment == StopMoment.AfterUse
                ? $"Alarm: look at case {message.Reference} now"
                : $"Case {message.Reference} was stopped",
            null,
            [
                new Paragraph(
                    message.Moment switch
                    {
                        StopMoment.InTime =>
                            "You approved this case. During the waiting time somebody who reads email at an address of the account stopped it: look at it again before you approve another one for the same account.",
                        StopMoment.BeforeUse =>
                            "You approved this case. After the link was sent, and before anybody used it, somebody who reads email at an address of the account stopped it. The link is dead and the account has its old address again. Look into it at the support desk.",
                        _ =>
                            "You approved this case. Somebody who reads email at an address of the account says now that it was not them, and a new password has been chosen already. Look into it at the support desk at once: you can lock the account there.",
                    }
                ),
                Reference(message.Reference),
            ]
        );

    public static Letter Lapsed(RecoveryMessage.CaseLapsed message, LetterLinks links) =>
        new(
            $"Your case {message.Reference} is closed",
            null,
            [
                new Paragraph(
                    "Our support team asked you a question and had no answer in time, so your case is closed. Nothing about the account has changed."
                ),
                Reference(message.Reference),
                new Paragraph("If you still cannot get in, open a new case."),
                new Button("Contact support", links.Support),
            ]
        );

    private static Facts Reference(string reference) => new(new Fact("Your case", reference));
}
