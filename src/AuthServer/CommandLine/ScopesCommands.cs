using System.CommandLine;
using System.Text.Json.Nodes;
using AuthServer.Protocol.Resources;

namespace AuthServer.CommandLine;

/// <summary><c>AuthServer scopes add | list | remove</c>: the scopes of APIs. Results are JSON.</summary>
internal static class ScopesCommands
{
    private const string Actor = "command-line";

    public static Command Create() =>
        new("scopes", "Register scopes of APIs, with the audiences of their tokens.") { Add(), List(), Remove() };

    private static Command Add()
    {
        var name = Name();
        var resources = new Option<string[]>("--resource")
        {
            Description =
                "The API's identifier, an absolute address: tokens with this scope are for it. May be given more than once.",
            HelpName = "URI",
        };
        var description = new Option<string?>("--description")
        {
            Description = "What the scope allows.",
            HelpName = "TEXT",
        };
        return new Command("add", "Register a scope. Apps get it when their own registration names it.")
        {
            name,
            resources,
            description,
        }.OnServices(
            async (run, cancellationToken) =>
            {
                var scope = new ApiScope(
                    run.Arguments.GetRequiredValue(name),
                    [.. (run.Arguments.GetValue(resources) ?? []).Distinct(StringComparer.Ordinal)],
                    run.Arguments.GetValue(description)
                );
                var outcome = await run
                    .Services.GetRequiredService<RegisterScope>()
                    .AddAsync(scope, Actor, cancellationToken);
                if (outcome is ScopeRegistration.Refused refused)
                {
                    throw new RefusedException(string.Join(Environment.NewLine, refused.Mistakes));
                }

                await run.WriteJsonAsync(Document(scope));
                return 0;
            }
        );
    }

    private static Command List() =>
        new Command("list", "List every registered scope.").OnServices(
            async (run, cancellationToken) =>
            {
                var scopes = await run.Services.GetRequiredService<RegisterScope>().ListAsync(cancellationToken);
                await run.WriteJsonAsync(new JsonArray([.. scopes.Select(scope => (JsonNode)Document(scope))]));
                return 0;
            }
        );

    private static Command Remove()
    {
        var name = Name();
        return new Command("remove", "Remove a scope. Tokens with it are for this server only from then on.")
        {
            name,
        }.OnServices(
            async (run, cancellationToken) =>
            {
                var scope = run.Arguments.GetRequiredValue(name);
                if (
                    !await run.Services.GetRequiredService<RegisterScope>().RemoveAsync(scope, Actor, cancellationToken)
                )
                {
                    throw new RefusedException($"There is no scope \"{scope}\".");
                }

                await run.Error.WriteLineAsync($"{scope} is removed.");
                return 0;
            }
        );
    }

    private static JsonObject Document(ApiScope scope) =>
        new()
        {
            ["name"] = scope.Name,
            ["resources"] = new JsonArray([.. scope.Resources.Select(resource => (JsonNode)resource)]),
            ["description"] = scope.Description,
        };

    private static Argument<string> Name() => new("NAME") { Description = "The scope, as apps ask for it." };
}
