using Recovery.ResetLinks;

namespace Recovery.Pages.ResetPassword;

/// <summary>What a page with a dead link is called.</summary>
internal static class DeadWords
{
    public static string Heading(LinkState state) =>
        state switch
        {
            LinkState.Dead { Why: LinkDeath.Expired, Link.Purpose: LinkPurpose.Activation } =>
                "Your invitation has expired",
            LinkState.Dead { Why: LinkDeath.Expired } => "This link has expired",
            LinkState.Dead { Why: LinkDeath.Used } => "This link has been used",
            LinkState.Dead { Why: LinkDeath.Replaced } => "There is a newer link",
            LinkState.Dead { Why: LinkDeath.AccountDisabled } => "This account is locked",
            LinkState.Dead { Why: LinkDeath.Unknown } => "This link is not complete",
            _ => "This link does not work any more",
        };
}
