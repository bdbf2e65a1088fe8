using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Dispatches OpenIddict's events: the same handlers in the same order, with the same filters, as OpenIddict's own
/// dispatcher. That one looks through all of some 300 descriptors at each of the events of a request; this one has each
/// event's in an array.
/// </summary>
/// <remarks>A test runs the same requests through both and compares the responses.</remarks>
internal sealed class PlannedDispatcher(IServiceProvider services, DispatchPlan plan) : IOpenIddictServerDispatcher
{
    public async ValueTask DispatchAsync<TContext>(TContext context)
        where TContext : BaseContext
    {
        foreach (var step in plan.For<TContext>())
        {
            if (!await IsActiveAsync(step.Filters, context))
            {
                continue;
            }

            var handler =
                step.Handler
                ?? (IOpenIddictServerHandler<TContext>)
                    services.GetRequiredService(step.Descriptor.ServiceDescriptor.ServiceType);
            var done = handler.HandleAsync(context);
            if (!done.IsCompletedSuccessfully)
            {
                await done;
            }

            if (
                context
                is BaseRequestContext { IsRequestHandled: true }
                    or BaseRequestContext { IsRequestSkipped: true }
                    or BaseValidatingContext { IsRejected: true }
            )
            {
                return;
            }
        }
    }

    private static ValueTask<bool> IsActiveAsync<TContext>(
        IOpenIddictServerHandlerFilter<TContext>[] filters,
        TContext context
    )
        where TContext : BaseContext
    {
        for (var i = 0; i < filters.Length; i++)
        {
            var active = filters[i].IsActiveAsync(context);
            if (!active.IsCompletedSuccessfully)
            {
                return SlowlyAsync(filters, i, active, context);
            }

            if (!active.Result)
            {
                return new ValueTask<bool>(false);
            }
        }

        return new ValueTask<bool>(true);
    }

    private static async ValueTask<bool> SlowlyAsync<TContext>(
        IOpenIddictServerHandlerFilter<TContext>[] filters,
        int at,
        ValueTask<bool> active,
        TContext context
    )
        where TContext : BaseContext
    {
        if (!await active)
        {
            return false;
        }

        foreach (var filter in filters.AsMemory(at + 1).ToArray())
        {
            if (!await filter.IsActiveAsync(context))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Which handlers an event has, in order; made once per event.</summary>
internal sealed class DispatchPlan(IOptionsMonitor<OpenIddictServerOptions> options, IServiceProvider root)
{
    private readonly ConcurrentDictionary<Type, Array> _steps = new();

    public Step<TContext>[] For<TContext>()
        where TContext : BaseContext => (Step<TContext>[])_steps.GetOrAdd(typeof(TContext), _ => Plan<TContext>());

    private Step<TContext>[] Plan<TContext>()
        where TContext : BaseContext =>
        [
            .. options
                .CurrentValue.Handlers.Where(descriptor => descriptor.ContextType == typeof(TContext))
                .Select(descriptor => new Step<TContext>(
                    descriptor,
                    [
                        .. descriptor.FilterTypes.Select(filter =>
                            (IOpenIddictServerHandlerFilter<TContext>)root.GetRequiredService(filter)
                        ),
                    ],
                    Singleton<TContext>(descriptor.ServiceDescriptor)
                )),
        ];

    private IOpenIddictServerHandler<TContext>? Singleton<TContext>(ServiceDescriptor service)
        where TContext : BaseContext =>
        service switch
        {
            { ImplementationInstance: IOpenIddictServerHandler<TContext> instance } => instance,
            { Lifetime: ServiceLifetime.Singleton } => (IOpenIddictServerHandler<TContext>)
                root.GetRequiredService(service.ServiceType),
            _ => null,
        };

    /// <param name="Descriptor">OpenIddict's or ours.</param>
    /// <param name="Filters">All must let the event pass.</param>
    /// <param name="Handler">Null: one is made for each request.</param>
    internal sealed record Step<TContext>(
        OpenIddictServerHandlerDescriptor Descriptor,
        IOpenIddictServerHandlerFilter<TContext>[] Filters,
        IOpenIddictServerHandler<TContext>? Handler
    )
        where TContext : BaseContext;
}
