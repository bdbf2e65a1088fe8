using System.Text;
using System.Text.Json;
using AuthServer.Protocol.Handlers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using TestSupport;

namespace ProtocolTests.OpenIddict;

/// <summary>
/// Which handlers answer each of OpenIddict's events, and in which order: an upgrade that moves one is noticed here.
/// </summary>
public sealed class PipelineTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    private static readonly string CheckedIn = Repository.PathOf("tests/ProtocolTests/OpenIddict/pipeline.txt");

    [Fact]
    public async Task The_handlers_of_every_event_are_the_checked_in_ones()
    {
        var handlers = server
            .Services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>()
            .CurrentValue.Handlers;
        var pipeline = Print(handlers);

        var written = Path.Combine(Path.GetTempPath(), "pipeline.txt");
        await File.WriteAllTextAsync(written, pipeline);

        Assert.True(
            pipeline == (await File.ReadAllTextAsync(CheckedIn)).ReplaceLineEndings("\n"),
            $"The pipeline has changed. If each change is right, copy {written} to {CheckedIn}; the difference shows in the commit."
        );
    }

    [Fact]
    public async Task Our_dispatcher_gives_the_responses_that_OpenIddicts_gives()
    {
        await using var plain = await AuthServerFixture.StartAsync(configure: builder =>
            builder.Services.Replace(
                ServiceDescriptor.Scoped<IOpenIddictServerDispatcher, OpenIddictServerDispatcher>()
            )
        );

        Assert.Equal(await ResponsesAsync(plain), await ResponsesAsync(server));
    }

    [Fact]
    public void Our_dispatcher_runs_the_handlers_of_every_event_in_the_order_of_OpenIddicts()
    {
        var plan = server.Services.GetRequiredService<DispatchPlan>();
        var planFor = typeof(DispatchPlan).GetMethod(nameof(DispatchPlan.For))!;
        var handlers = server
            .Services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>()
            .CurrentValue.Handlers;

        foreach (var ofEvent in handlers.GroupBy(handler => handler.ContextType))
        {
            // OpenIddict's dispatcher runs them as they stand in its list, which it sorts once, by order.
            var planned = ((Array)planFor.MakeGenericMethod(ofEvent.Key).Invoke(plan, null)!)
                .Cast<object>()
                .Select(step =>
                    (OpenIddictServerHandlerDescriptor)step.GetType().GetProperty("Descriptor")!.GetValue(step)!
                )
                .ToList();
            Assert.Equal(ofEvent.ToList(), planned);
            Assert.Equal(planned.Select(handler => handler.Order).Order(), planned.Select(handler => handler.Order));
        }

        // Of two with the same order either may be first.
        Assert.All(
            handlers.Where(handler => handler.Type == OpenIddictServerHandlerType.Custom),
            own => Assert.Single(handlers, other => other.ContextType == own.ContextType && other.Order == own.Order)
        );
    }

    private static string Print(IEnumerable<OpenIddictServerHandlerDescriptor> handlers)
    {
        var text = new StringBuilder();
        foreach (
            var ofEvent in handlers
                .GroupBy(handler => handler.ContextType)
                .OrderBy(group => group.Key.Name, StringComparer.Ordinal)
        )
        {
            text.Append(ofEvent.Key.Name).Append('\n');
            foreach (
                var handler in ofEvent
                    .OrderBy(handler => handler.Order)
                    .ThenBy(handler => NameOf(handler.ServiceDescriptor.ServiceType))
            )
            {
                var filters = string.Join(", ", handler.FilterTypes.Select(filter => filter.Name));
                text.Append(handler.Type == OpenIddictServerHandlerType.Custom ? "  + " : "    ")
                    .Append(NameOf(handler.ServiceDescriptor.ServiceType))
                    .Append(filters.Length > 0 ? $" ({filters})" : "")
                    .Append('\n');
            }
        }

        return text.ToString();
    }

    private static string NameOf(Type type) =>
        (
            type.DeclaringType is { } outer && !outer.Name.EndsWith("Handlers", StringComparison.Ordinal)
                ? outer.Name + "."
                : ""
        ) + type.Name.Split('`')[0];

    /// <summary>
    /// One way through every endpoint, and what may go wrong at each; only what is random is left out.
    /// </summary>
    private static async Task<string> ResponsesAsync(AuthServerFixture server)
    {
        using var browser = await server.Given.LoggedInAsync(await server.Given.AccountAsync());
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();
        var callback = await browser.GetAsync(attempt.Url);
        var code = Query.Read(callback.Location!)["code"];
        var redeemed = await app.RedeemAsync(code, attempt.Verifier);
        var tokens = redeemed.Json;
        Page[] pages =
        [
            callback,
            await browser.GetAsync(
                app.Authorize(more: new Dictionary<string, string?> { ["response_type"] = "token" }).Url
            ),
            await browser.GetAsync(
                app.Authorize(
                    more: new Dictionary<string, string?> { ["redirect_uri"] = "https://elsewhere.example" }
                ).Url
            ),
            redeemed,
            await app.RedeemAsync(code, attempt.Verifier),
            await app.RefreshAsync(tokens.GetProperty("refresh_token").GetString()!),
            await app.TokenAsync(new Dictionary<string, string> { ["grant_type"] = "password" }),
            await app.UserInfoAsync(tokens.GetProperty("access_token").GetString()!),
            await app.PostAsync("/connect/introspect", new Dictionary<string, string> { ["token"] = "unknown" }),
            await app.PostAsync("/connect/revoke", new Dictionary<string, string> { ["token"] = "unknown" }),
            await app.PostAsync("/connect/par", new Dictionary<string, string> { ["response_type"] = "code" }),
            await browser.GetAsync("/connect/endsession"),
        ];
        return string.Join('\n', pages.Select(Shape));
    }

    private static string Shape(Page page) =>
        page.Headers.TryGetValue("Content-Type", out var type) && type == "application/json"
            ? $"{(int)page.Status} {string.Join(' ', page.Json.EnumerateObject().Select(ShapeOf))}"
            : $"{(int)page.Status} {page.Location?.AbsolutePath} {string.Join(' ', page.Location is { } to ? Query.Read(to).Keys : [])}";

    private static string ShapeOf(JsonProperty member) =>
        member.Name switch
        {
            "error" or "error_description" or "active" or "token_type" or "expires_in" or "scope" =>
                $"{member.Name}={member.Value}",
            _ => member.Name,
        };
}
