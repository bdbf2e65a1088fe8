using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace AuthServer.Pages;

/// <summary>What the host adds to the pages of the Recovery library, which cannot name it.</summary>
internal static class RecoveryPages
{
    /// <summary>Folders for people who cannot log in: their forms work whoever is logged in in this browser.</summary>
    private static readonly string[] Anonymous = ["/ForgottenDetails", "/ResetPassword"];

    public static void Fit(PageConventionCollection pages)
    {
        foreach (var folder in Anonymous)
        {
            pages.AddFolderApplicationModelConvention(folder, page => page.Filters.Add(new AnonymousFormAttribute()));
        }
    }
}
