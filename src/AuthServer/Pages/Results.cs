using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Pages;

/// <summary>Answers that Razor Pages has no word for.</summary>
internal static class Results
{
    /// <summary>
    /// 303 after a form with a password in it: 302 and 307 may have the browser send the form again (RFC 9700 §4.12).
    /// </summary>
    public static IActionResult SeeOther(this PageModel page, string address)
    {
        page.Response.Headers.Location = address;
        return new StatusCodeResult(StatusCodes.Status303SeeOther);
    }

    /// <summary>The page itself, with a status that says what kind of answer it is.</summary>
    public static PageResult WithStatus(this PageModel page, int status)
    {
        var result = page.Page();
        result.StatusCode = status;
        return result;
    }
}
