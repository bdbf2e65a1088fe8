namespace AuthServer.Protocol;

/// <summary>
/// An error that is shown to the person, because there is no address that it could safely be sent to (RFC 6749
/// §4.1.2.1). An endpoint sets it as a feature of the request and answers with <see cref="Status"/> and no body; the
/// error page is then rendered in its place.
/// </summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What happened, as a heading.</param>
/// <param name="Explanation">What to do, for the person.</param>
/// <param name="Detail">For the app's developer, such as "The parameter 'redirect_uri' is missing." Or null.</param>
/// <param name="ClientId">The app, when it is known: the page leads back to it.</param>
public sealed record ShownError(
    int Status,
    string Title,
    string Explanation,
    string? Detail = null,
    string? ClientId = null
)
{
    public static void Set(HttpContext http, ShownError error)
    {
        http.Features.Set(error);
        http.Response.StatusCode = error.Status;
    }
}
