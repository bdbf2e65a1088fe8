using System.Security.Claims;
using Microsoft.AspNetCore.Mvc.Filters;

namespace AuthServer.Pages;

/// <summary>
/// A page whose form may be sent whoever is logged in by then. Antiforgery ties a form to the person it was shown to;
/// two log-in pages in two tabs would break each other. The form stays tied to the browser.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AnonymousFormAttribute : Attribute, IAuthorizationFilter, IOrderedFilter
{
    /// <summary>Before antiforgery, which runs at 1000.</summary>
    public int Order => 0;

    public void OnAuthorization(AuthorizationFilterContext context) =>
        context.HttpContext.User = new ClaimsPrincipal(new ClaimsIdentity());
}
