using AuthServer.Clients;
using AuthServer.Protocol.ClientProof;
using AuthServer.Protocol.Tokens;
using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// What handlers of one request tell each other: one value of each type, kept in OpenIddict's transaction. Typed facts
/// spare the claims that OpenIddict would otherwise carry from event to event.
/// </summary>
internal static class TransactionFacts
{
    /// <returns>The fact, or null when no handler has set it.</returns>
    public static T? Find<T>(this OpenIddictServerTransaction transaction)
        where T : class => transaction.Properties.TryGetValue(Key<T>.Name, out var value) ? value as T : null;

    /// <returns>The fact that an earlier handler of the list must have set.</returns>
    public static T Get<T>(this OpenIddictServerTransaction transaction)
        where T : class =>
        transaction.Find<T>()
        ?? throw new InvalidOperationException($"No handler has set {typeof(T).Name} for this request.");

    public static void Set<T>(this OpenIddictServerTransaction transaction, T value)
        where T : class => transaction.Properties[Key<T>.Name] = value;

    /// <summary>The request that the transaction answers.</summary>
    public static HttpContext Http(this OpenIddictServerTransaction transaction) =>
        transaction.GetHttpRequest()?.HttpContext
        ?? throw new InvalidOperationException("OpenIddict was called without an HTTP request.");

    /// <summary>Rejects the request: the app is told the error, the log also the reason.</summary>
    public static void Refuse(this BaseValidatingContext context, ProtocolError error)
    {
        context.Transaction.Set(error);
        context.Reject(error.Code, error.Description);
    }

    /// <summary>Has tokens issued to the client by this order, or rejects the request.</summary>
    public static void Answer(this HandleTokenRequestContext context, RegisteredClient client, Result<TokenOrder> order)
    {
        if (order.TryGet(out var tokens, out var error))
        {
            context.Transaction.Set(tokens);
            context.SignIn(Presented.Subject(client.ClientId));
        }
        else
        {
            context.Refuse(error);
        }
    }

    /// <summary>
    /// The error to answer with: ours where a handler of ours refused, otherwise OpenIddict's, without its link.
    /// </summary>
    public static ProtocolError? Error(this BaseRequestContext context)
    {
        if (context.Transaction.Response is not { Error: { } code } response)
        {
            return null;
        }

        return context.Transaction.Find<ProtocolError>() is { } ours && ours.Code == code ? ours
            : IsUnprovedClient(context.Transaction)
                ? ProtocolError.InvalidClient("client assertion: " + response.ErrorDescription)
            : new ProtocolError(code, code == "invalid_client" ? 401 : 400, Printable(response.ErrorDescription));
    }

    // Whatever OpenIddict finds wrong with an assertion is one error (OIDC Core §9); it has others for audience and
    // issuer.
    private static bool IsUnprovedClient(OpenIddictServerTransaction transaction) =>
        transaction.Find<AssertedClient>() is not null && transaction.Find<RegisteredClient>() is null;

    // RFC 6749 §5.2: printable ASCII without " and \. What OpenIddict says of a parameter may name it as it came.
    private static string Printable(string? description) =>
        string.Concat(
            (description ?? "The request was refused.").Select(c => c is < ' ' or > '~' or '"' or '\\' ? '?' : c)
        );

    private static class Key<T>
    {
        public static readonly string Name = typeof(T).ToString();
    }
}
