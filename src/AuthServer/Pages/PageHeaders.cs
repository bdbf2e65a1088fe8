using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.Filters;

namespace AuthServer.Pages;

/// <summary>What pages change in the headers that every answer starts with.</summary>
internal static class PageHeaders
{
    /// <summary>
    /// Lets the answer to this page's form lead on to an app. Browsers hold <c>form-action</c> against every redirect
    /// that follows a form, and nobody here knows where an app sends the person after its redirect URI; so a page on
    /// the way to an app goes without the directive instead of listing hosts that would be too few.
    /// </summary>
    public static void AllowFormToLeadToApp(HttpResponse response) => Change(response, "form-action 'self'; ", "");

    /// <summary>Lets this page show another page of ours in a frame.</summary>
    public static void AllowOwnFrames(HttpResponse response) =>
        Change(response, "form-action", "frame-src 'self'; form-action");

    private static void Change(HttpResponse response, string from, string to) =>
        response.Headers.ContentSecurityPolicy = response
            .Headers.ContentSecurityPolicy.ToString()
            .Replace(from, to, StringComparison.Ordinal);
}

/// <summary>Headers of every Razor page: nobody keeps a copy of a page that may show whose it is.</summary>
internal sealed class PageHeadersFilter : IAlwaysRunResultFilter
{
    public void OnResultExecuting(ResultExecutingContext context)
    {
        var headers = context.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";

        // On pages that take a log-in, the tie to the window that opened them is cut. Not on the others: an app may
        // open the log-in in a small window of its own (OIDC Core §3.1.2.1 display=popup), which has to find its opener
        // again when it comes back to the app.
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null)
        {
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
        }
    }

    public void OnResultExecuted(ResultExecutedContext context) { }
}
