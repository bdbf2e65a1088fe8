using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>Why a member of staff may not touch a case, or an account in it.</summary>
internal enum CaseBar
{
    /// <summary>It is about their own account, or comes from an address of theirs.</summary>
    Own = 1,

    /// <summary>It is about an administrator's account: only administrators look at these.</summary>
    AdministratorsOnly = 2,
}

/// <summary>Who may touch what. Pure.</summary>
internal static class CaseBars
{
    /// <param name="officer">Who wants to.</param>
    /// <param name="concerned">The account that the case is about, and every account that it claims or comes
    /// from.</param>
    /// <returns>Null when they may.</returns>
    public static CaseBar? For(Officer officer, IEnumerable<AccountReference> concerned)
    {
        CaseBar? bar = null;
        foreach (var account in concerned)
        {
            if (account.Id == officer.Id)
            {
                return CaseBar.Own;
            }

            if (account.Staff == StaffKind.Administrator && officer.Staff != StaffKind.Administrator)
            {
                bar = CaseBar.AdministratorsOnly;
            }
        }

        return bar;
    }
}
