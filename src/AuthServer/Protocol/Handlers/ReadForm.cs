using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Reads the form of a POST (RFC 6749 §3.2). In place of OpenIddict's extraction, which accepts a repeated parameter
/// and ignores the case of names.
/// </summary>
internal sealed class ReadForm<TContext> : IOpenIddictServerHandler<TContext>
    where TContext : BaseValidatingContext
{
    public async ValueTask HandleAsync(TContext context)
    {
        var http = context.Transaction.Http();
        if (
            (await Parameters.ReadFormAsync(http.Request, context.CancellationToken)).TryGet(
                out var form,
                out var error
            )
        )
        {
            context.Transaction.Set(form);
            context.Transaction.Request = form.ToOpenIddict();
        }
        else
        {
            context.Transaction.Request = new OpenIddictRequest();
            context.Refuse(error);
        }
    }
}
