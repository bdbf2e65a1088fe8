using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.Filters;

namespace AuthServer.Pages;

/// <summary>What the host adds to the pages of the Recovery library, which cannot name it.</summary>
internal static class RecoveryPages
{
    /// <summary>
    /// Pages that act for whoever has typed something or opened a link, not for whoever is logged in in this browser:
    /// they show no account at their head, and a log-in or log-out in another tab does not break their forms.
    /// </summary>
    private static readonly string[] Anonymous = ["/ForgottenDetails", "/SupportCase"];

    /// <summary>
    /// The page behind a link. Choosing a password there leads on to the app that the person came from.
    /// </summary>
    private const string ChoosePassword = "/ResetPassword/Choose";

    public static void Fit(PageConventionCollection pages)
    {
        foreach (var folder in Anonymous)
        {
            pages.AddFolderApplicationModelConvention(folder, page => page.Filters.Add(new AnonymousFormAttribute()));
        }

        pages.AddPageApplicationModelConvention(
            ChoosePassword,
            page =>
            {
                page.Filters.Add(new AnonymousFormAttribute());
                page.Filters.Add(new FormLeadsToAppAttribute());
            }
        );
    }

    [AttributeUsage(AttributeTargets.Class)]
    private sealed class FormLeadsToAppAttribute : ResultFilterAttribute
    {
        public override void OnResultExecuting(ResultExecutingContext context) =>
            PageHeaders.AllowFormToLeadToApp(context.HttpContext.Response);
    }
}
