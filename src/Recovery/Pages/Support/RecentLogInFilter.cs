using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;
using Recovery.Cases.Desk;

namespace Recovery.Pages.Support;

/// <summary>
/// On pages that decide: a person whose log-in is older than <see cref="DeskOptions.DecisionLogInAge"/> logs in again
/// first and comes back. A form that was sent with an old log-in is not used.
/// </summary>
internal sealed class RecentLogInFilter(IOptions<DeskOptions> options, TimeProvider clock) : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context) { }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        var http = context.HttpContext;
        var age = clock.GetUtcNow() - Officer.Of(http.User).AuthenticatedAt;
        // The age of one that is dated in the future is unknown.
        if (age > options.Value.DecisionLogInAge || age < -Clocks.MostApart)
        {
            http.Response.Headers.Location = $"/log-in?again=true&returnUrl={Uri.EscapeDataString(http.Request.Path)}";
            context.Result = new StatusCodeResult(StatusCodes.Status303SeeOther);
        }
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context) { }
}
