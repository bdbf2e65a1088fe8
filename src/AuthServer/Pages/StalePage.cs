using AuthServer.Protocol;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;

namespace AuthServer.Pages;

/// <summary>The page to begin again on, offered by the error page.</summary>
/// <param name="Path">A path here, with the journey's ticket.</param>
internal sealed record StartAgain(string Path);

/// <summary>
/// A form that came from an old page, or from a browser without cookies, is no dead end: the person is told which, and
/// starts again with the journey they were on.
/// </summary>
internal sealed class StalePageFilter(IOptions<AntiforgeryOptions> options) : IAlwaysRunResultFilter
{
    public void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is not IAntiforgeryValidationFailedResult)
        {
            return;
        }

        var http = context.HttpContext;
        var cookieCame = options.Value.Cookie.Name is { } name && http.Request.Cookies.ContainsKey(name);
        ShownError.Set(
            http,
            cookieCame
                ? new ShownError(
                    400,
                    "This page was out of date",
                    "It had been open for too long, or you logged in or out in another tab. Nothing you entered was used."
                )
                : new ShownError(
                    400,
                    "Your browser did not send our cookie back",
                    "This service needs cookies to keep you logged in. Allow cookies for this website in your browser's settings, then start again."
                )
        );
        http.Features.Set(new StartAgain(Journey.PathOf(http.Request, http.Request.Path, http.Request.Query)));
        context.Result = new EmptyResult();
    }

    public void OnResultExecuted(ResultExecutedContext context) { }
}
