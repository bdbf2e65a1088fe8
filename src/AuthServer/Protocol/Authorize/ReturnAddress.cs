using AuthServer.Clients;

namespace AuthServer.Protocol.Authorize;

/// <summary>
/// A redirect URI that was proved to belong to the client, with how to answer there. Only this can be redirected to;
/// what goes wrong before there is one is shown to the person (RFC 6749 §4.1.2.1).
/// </summary>
internal sealed class ReturnAddress
{
    private ReturnAddress(string uri, string? state, bool formPost) => (Uri, State, FormPost) = (uri, state, formPost);

    public string Uri { get; }

    /// <summary>Given back byte for byte (RFC 6749 §4.1.2).</summary>
    public string? State { get; }

    /// <summary>
    /// True for <c>response_mode=form_post</c> (OAuth 2.0 Form Post Response Mode §2); else the query.
    /// </summary>
    public bool FormPost { get; }

    /// <returns>The address, or the error to show.</returns>
    public static Result<ReturnAddress> For(RegisteredClient client, AuthorizeRequest request)
    {
        if (request.Parameters.IsRepeated("redirect_uri"))
        {
            return ProtocolError.Repeated("redirect_uri");
        }

        if (request.RedirectUri is not { } uri)
        {
            return ProtocolError.Missing("redirect_uri");
        }

        return RedirectUriRules.IsRegistered(client, uri)
            ? new ReturnAddress(uri, request.State, request.ResponseMode == "form_post")
            : ProtocolError.InvalidRequest("The redirect_uri is not one that is registered for this app.");
    }
}
