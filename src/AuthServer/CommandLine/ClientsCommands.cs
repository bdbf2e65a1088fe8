using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Clients;

namespace AuthServer.CommandLine;

/// <summary>
/// <c>AuthServer clients register | list | show | update | rotate-secret | remove</c>. Results are JSON.
/// </summary>
internal static class ClientsCommands
{
    private const string Actor = "command-line";

    public static Command Create() =>
        new("clients", "Register apps and look after them.")
        {
            Register(),
            List(),
            Show(),
            Update(),
            RotateSecret(),
            Remove(),
        };

    private static Command Register()
    {
        var file = MetadataFile(
            "RFC 7591 client metadata, one object or an array of them; - reads the standard input."
        );
        return new Command(
            "register",
            "Register apps: all that are described, or none. Prints each with its client_secret, this once."
        )
        {
            file,
        }.OnServices(
            (run, cancellationToken) => RegisterAsync(run, run.Arguments.GetRequiredValue(file), cancellationToken)
        );
    }

    private static Command List() =>
        new Command("list", "List every app.").OnServices(
            async (run, cancellationToken) =>
            {
                var clients = await run.Services.GetRequiredService<ListClients>().AllAsync(cancellationToken);
                await run.WriteJsonAsync(
                    new JsonArray([
                        .. clients.Select(client =>
                            (JsonNode)
                                new JsonObject
                                {
                                    ["client_id"] = client.ClientId,
                                    ["client_name"] = client.Metadata.ClientName,
                                    ["token_endpoint_auth_method"] = client.Metadata.TokenEndpointAuthMethod,
                                    ["grant_types"] = new JsonArray([
                                        .. client.Metadata.GrantTypes.Select(type => (JsonNode)type),
                                    ]),
                                    ["updated_at"] = client.UpdatedAt.ToUnixTimeSeconds(),
                                }
                        ),
                    ])
                );
                return 0;
            }
        );

    private static Command Show()
    {
        var id = ClientId();
        return new Command("show", "Show one app: all but its secrets, of which only the dates are known.")
        {
            id,
        }.OnServices(
            async (run, cancellationToken) =>
            {
                var clientId = run.Arguments.GetRequiredValue(id);
                var found =
                    await run.Services.GetRequiredService<ListClients>().FindAsync(clientId, cancellationToken)
                    ?? throw NoSuch(clientId);
                var document = ClientDocument.Write(found);
                document["client_secrets"] = new JsonArray([
                    .. found.Secrets.Select(secret =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["created_at"] = secret.CreatedAt.ToUnixTimeSeconds(),
                                ["expires_at"] = secret.ExpiresAt?.ToUnixTimeSeconds() ?? 0,
                            }
                    ),
                ]);
                await run.WriteJsonAsync(document);
                return 0;
            }
        );
    }

    private static Command Update()
    {
        var id = ClientId();
        var file = MetadataFile(
            "All of the app's metadata: what is left out gets its default. - reads the standard input."
        );
        return new Command("update", "Replace an app's metadata. Its secrets stay.") { id, file }.OnServices(
            async (run, cancellationToken) =>
            {
                var clientId = run.Arguments.GetRequiredValue(id);
                var json = await run.ReadJsonAsync(run.Arguments.GetRequiredValue(file), cancellationToken);
                var (described, mistakes) = ClientMetadataReader.Read(json);
                if (described is null)
                {
                    return await RefuseAsync(run, [mistakes]);
                }

                var command = new EditClientCommand(clientId, described, Actor);
                switch (await run.Services.GetRequiredService<EditClient>().HandleAsync(command, cancellationToken))
                {
                    case ClientEdit.Done done:
                        await run.WriteJsonAsync(ClientDocument.Write(done.Client.Client, done.Client.Secret));
                        return 0;
                    case ClientEdit.Refused refused:
                        return await RefuseAsync(run, [refused.Mistakes]);
                    default:
                        throw NoSuch(clientId);
                }
            }
        );
    }

    private static Command RotateSecret()
    {
        var id = ClientId();
        var overlap = new Option<TimeSpan>("--overlap")
        {
            Description = "How long the old secrets still work, such as 30m, 12h or 7d. Without it they end at once.",
            HelpName = "duration",
            CustomParser = Duration.Parse,
        };
        return new Command("rotate-secret", "Give an app a new secret, and print it, this once.")
        {
            id,
            overlap,
        }.OnServices(
            async (run, cancellationToken) =>
            {
                var clientId = run.Arguments.GetRequiredValue(id);
                var command = new RotateClientSecretCommand(clientId, run.Arguments.GetValue(overlap), Actor);
                switch (
                    await run.Services.GetRequiredService<RotateClientSecret>().HandleAsync(command, cancellationToken)
                )
                {
                    case SecretRotation.Done done:
                        await run.WriteJsonAsync(
                            new JsonObject
                            {
                                ["client_id"] = clientId,
                                ["client_secret"] = done.Secret,
                                ["client_secret_expires_at"] = 0,
                                ["old_secrets_expire_at"] = done.OldSecretsEndAt.ToUnixTimeSeconds(),
                            }
                        );
                        return 0;
                    case SecretRotation.HasNone { Method: ClientAuthentication.None }:
                        throw new RefusedException($"{clientId} is a public client: it has no secret.");
                    case SecretRotation.HasNone(var method):
                        throw new RefusedException($"{clientId} authenticates by {method}: it has no secret.");
                    default:
                        throw NoSuch(clientId);
                }
            }
        );
    }

    private static Command Remove()
    {
        var id = ClientId();
        return new Command("remove", "Remove an app. Nobody can log in to it any more.") { id }.OnServices(
            async (run, cancellationToken) =>
            {
                var clientId = run.Arguments.GetRequiredValue(id);
                var command = new RemoveClientCommand(clientId, Actor);
                if (!await run.Services.GetRequiredService<RemoveClient>().HandleAsync(command, cancellationToken))
                {
                    throw NoSuch(clientId);
                }

                await run.Error.WriteLineAsync($"{clientId} is removed.");
                return 0;
            }
        );
    }

    private static async Task<int> RegisterAsync(CommandRun run, string path, CancellationToken cancellationToken)
    {
        var json = await run.ReadJsonAsync(path, cancellationToken);
        var several = json.ValueKind == JsonValueKind.Array;
        var read = (several ? json.EnumerateArray() : Enumerable.Repeat(json, 1))
            .Select(ClientMetadataReader.Read)
            .ToList();
        if (read.Any(one => one.Client is null))
        {
            return await RefuseAsync(run, [.. read.Select(one => one.Mistakes)]);
        }

        var command = new RegisterClientCommand([.. read.Select(one => one.Client).OfType<DescribedClient>()], Actor);
        switch (await run.Services.GetRequiredService<RegisterClient>().HandleAsync(command, cancellationToken))
        {
            case ClientRegistration.Registered registered:
                var documents = registered.Clients.Select(one => ClientDocument.Write(one.Client, one.Secret)).ToList();
                await run.WriteJsonAsync(several ? new JsonArray([.. documents]) : documents[0]);
                foreach (var one in registered.Clients.Where(one => HasNoWayBack(one.Client.Metadata)))
                {
                    await run.Error.WriteLineAsync(
                        $"{one.Client.ClientId} has neither client_uri nor initiate_login_uri: pages that end a log-in cannot lead back to the app."
                    );
                }

                return 0;
            case ClientRegistration.Refused refused:
                return await RefuseAsync(run, refused.Mistakes);
            default:
                throw new InvalidOperationException("A registration has two outcomes.");
        }
    }

    private static bool HasNoWayBack(ClientMetadata metadata) =>
        metadata is { RedirectUris.Count: > 0, ClientUri: null, InitiateLoginUri: null };

    /// <summary>A line per mistake; with its client's place in the list where there are several.</summary>
    private static async Task<int> RefuseAsync(CommandRun run, IReadOnlyList<IReadOnlyList<MetadataMistake>> mistakes)
    {
        for (var i = 0; i < mistakes.Count; i++)
        {
            var which = mistakes.Count > 1 ? $"Client {i + 1}: " : "";
            foreach (var mistake in mistakes[i])
            {
                await run.Error.WriteLineAsync(which + mistake.Sentence);
            }
        }

        return 1;
    }

    private static Argument<string> ClientId() => new("ID") { Description = "The app's client_id." };

    private static Argument<string> MetadataFile(string description) => new("FILE") { Description = description };

    private static RefusedException NoSuch(string clientId) => new($"There is no client \"{clientId}\".");
}
