using AuthServer.Protocol;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Pages;

/// <summary>
/// What happened, what to do, and the way back, in the place of an answer without a body. It is rendered for requests of
/// every method, and must not fail: whatever the request needed may be what is broken.
/// </summary>
[IgnoreAntiforgeryToken]
internal sealed class ErrorModel(AppViews apps) : PageModel
{
    public string Heading { get; private set; } = "";

    public IReadOnlyList<string> WhatToDo { get; private set; } = [];

    /// <summary>For the app's developer.</summary>
    public string? Detail { get; private set; }

    /// <summary>Also in the log, in one line. Null when somebody just opened this address.</summary>
    public string? Reference { get; private set; }

    public AppView? App { get; private set; }

    /// <summary>A path here, to begin again.</summary>
    public string? StartAgain { get; private set; }

    /// <summary>Before a handler is looked for: the request that failed may have had any method, and there are no handlers.</summary>
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

        (Heading, WhatToDo) = Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ("Page not found",
                ["If you typed the web address, check it is correct.", "If you pasted the web address, check you copied all of it."]),
            StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => ("You cannot open this page",
                (string[])["Your account does not give you access to it. If you have another account, log out and log in with that one."]),
            StatusCodes.Status429TooManyRequests => ("Too many requests",
                ["There have been too many requests from your network in a short time. Wait a minute, then try again."]),
            StatusCodes.Status503ServiceUnavailable => ("The service is busy", ["Wait a minute, then try again."]),
            >= StatusCodes.Status500InternalServerError => ("There is a problem with this service",
                ["Try again in a few minutes.", "If you were filling in a form, you may have to enter it again."]),
            _ => ("We could not do that",
                (string[])["Your browser sent something that this service could not read. Go back to the app you came from and start again."]),
        };
    }
}
