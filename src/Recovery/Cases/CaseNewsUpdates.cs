using Microsoft.EntityFrameworkCore.Query;

namespace Recovery.Cases;

/// <summary>
/// Puts a case at the top of the desk's list, and takes it from there, as part of the update of a step.
/// </summary>
internal static class CaseNewsUpdates
{
    public static UpdateSettersBuilder<SupportCase> AnnounceNews(
        this UpdateSettersBuilder<SupportCase> set,
        CaseNews news,
        DateTimeOffset now
    ) => set.SetProperty(c => c.News, news).SetProperty(c => c.NewsAt, now).SetProperty(c => c.NewsToMailAt, now);

    /// <summary>A member of staff has acted on what was new. No email about it is due any more.</summary>
    public static UpdateSettersBuilder<SupportCase> SettleNews(this UpdateSettersBuilder<SupportCase> set) =>
        set.SetProperty(c => c.News, (CaseNews?)null)
            .SetProperty(c => c.NewsAt, (DateTimeOffset?)null)
            .SetProperty(c => c.NewsToMailAt, (DateTimeOffset?)null);
}
