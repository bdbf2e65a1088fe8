using AuthServer.Protocol;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;
using Recovery;

namespace AuthServer.Pages;

/// <summary>
/// What happened, what to do, and the way back, in the place of an answer without a body. It is rendered for requests
/// of every method, and must not fail: whatever the request needed may be what is broken.
/// </summary>
[IgnoreAntiforgeryToken]
internal sealed class ErrorModel(AppViews apps) : PageModel
{
    /// <summary>Below it apps are answered, not people.</summary>
    private const string ProtocolPrefix = "/connect/";

    public string Heading { get; private set; } = "";

    public IReadOnlyList<string> WhatToDo { get; private set; } = [];

    /// <summary>For the app's developer.</summary>
    public string? Detail { get; private set; }

    /// <summary>Also in the log, in one line. Null when somebody just opened this address.</summary>
    public string? Reference { get; private set; }

    public AppView? App { get; private set; }

    /// <summary>A path here, to begin again.</summary>
    public string? StartAgain { get; private set; }

    /// <summary>
    /// The address that failed, when trying again may help. Empty: the one in the browser's address bar, which may hold
    /// a secret and so is not written into the page.
    /// </summary>
    public string? TryAgain { get; private set; }

    /// <summary>True when the person is logged in with an account that may not open the page.</summary>
    public bool MayLogOut { get; private set; }

    /// <summary>
    /// Before a handler is looked for: the request that failed may have had any method, and there are no handlers.
    /// </summary>
    public override async Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context)
    {
        if (HttpContext.Features.Get<IStatusCodeReExecuteFeature>() is null)
        {
            Response.StatusCode = StatusCodes.Status404NotFound; // nothing failed: the address itself was opened
        }
        else
        {
            Reference = HttpContext.TraceIdentifier;
        }

        await ShowAsync(HttpContext.RequestAborted);
    }

    private async Task ShowAsync(CancellationToken cancellationToken)
    {
        StartAgain = HttpContext.Features.Get<StartAgain>()?.Path;
        if (HttpContext.Features.Get<ShownError>() is { } shown && shown.Status == Response.StatusCode)
        {
            (Heading, WhatToDo, Detail) = (shown.Title, [shown.Explanation], shown.Detail);
            App = shown.ClientId is { } client ? await apps.FindAsync(client, cancellationToken) : null;
            return;
        }

        TryAgain = Response.StatusCode
            is StatusCodes.Status429TooManyRequests
                or >= StatusCodes.Status500InternalServerError
            ? await TryAgainAsync()
            : null;
        MayLogOut = Response.StatusCode is StatusCodes.Status403Forbidden;
        (Heading, WhatToDo) = Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => (
                "Page not found",
                [
                    "If you typed the web address, check it is correct.",
                    "If you pasted the web address, check you copied all of it.",
                ]
            ),
            StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => (
                "You cannot open this page",
                (string[])
                    [
                        "Your account does not give you access to it. If you have another account, log out and log in with that one.",
                    ]
            ),
            StatusCodes.Status429TooManyRequests => (
                "Too many requests",
                ["There have been too many requests from your network in a short time. Wait a minute, then try again."]
            ),
            StatusCodes.Status503ServiceUnavailable => ("The service is busy", ["Wait a minute, then try again."]),
            >= StatusCodes.Status500InternalServerError => (
                "There is a problem with this service",
                ["Try again in a few minutes.", "If you were filling in a form, you may have to enter it again."]
            ),
            _ => (
                "We could not do that",
                (string[])
                    [
                        "Your browser sent something that this service could not read. Go back to the app you came from and start again.",
                    ]
            ),
        };
    }

    /// <summary>
    /// A page that was asked for is asked for again; a form of ours is shown again, with the journey that it is part
    /// of.
    /// </summary>
    private async Task<string?> TryAgainAsync()
    {
        if (
            HttpMethods.IsGet(Request.Method)
            || HttpContext.Features.Get<IStatusCodeReExecuteFeature>() is not { } failed
        )
        {
            return "";
        }

        if (
            !HttpMethods.IsPost(Request.Method)
            || failed.OriginalPath.StartsWith(ProtocolPrefix, StringComparison.Ordinal)
            || failed.OriginalPath == RecoveryPaths.ResetPassword
        ) // the token was in the form: the mail has the way back
        {
            return null;
        }

        try
        {
            await Request.ReadFormAsync(HttpContext.RequestAborted);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or InvalidOperationException)
        {
            return ""; // it was no form, or broke off
        }

        var asked = new QueryCollection(QueryHelpers.ParseQuery(failed.OriginalQueryString));
        var path = Journey.PathOf(Request, failed.OriginalPath, asked);
        return path == failed.OriginalPath ? ""
            : Url.IsLocalUrl(path) ? path
            : null; // two slashes would lead to another server
    }
}
