using AuthServer.Accounts;
using AuthServer.Clients;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Demo;

/// <summary>
/// Makes the demo people and the demo app before the server listens, where they are not there already, and says where
/// to go once it does.
/// </summary>
internal sealed partial class DemoData(IServiceScopeFactory scopes, RelyingParty app, ILogger<DemoData> logger)
    : IHostedLifecycleService
{
    private const string Actor = "demo";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        string[] usernames = [.. DemoPeople.All.Select(person => person.Username)];
        var known = await db
            .Accounts.Where(a => usernames.Contains(a.Username))
            .Select(a => a.Username)
            .ToListAsync(cancellationToken);
        DemoPerson[] missing = [.. DemoPeople.All.ExceptBy(known, person => person.Username)];
        if (missing.Length > 0)
        {
            Adding();
        }

        foreach (var person in missing)
        {
            await AddAsync(scope.ServiceProvider.GetRequiredService<RegisterAccount>(), person, cancellationToken);
        }

        await AddCareersAsync(scope.ServiceProvider, missing, cancellationToken);
        await scope.ServiceProvider.GetRequiredService<DemoCases>().AddAsync(cancellationToken);

        var described = new DescribedClient(Metadata(), RelyingParty.ClientId, RelyingParty.ClientSecret);
        // The port may be another one than last time.
        switch (
            await scope
                .ServiceProvider.GetRequiredService<EditClient>()
                .HandleAsync(new EditClientCommand(RelyingParty.ClientId, described, Actor), cancellationToken)
        )
        {
            case ClientEdit.Refused edit:
                Report(edit.Mistakes);
                break;
            case ClientEdit.NotFound:
                var registration = await scope
                    .ServiceProvider.GetRequiredService<RegisterClient>()
                    .HandleAsync(new RegisterClientCommand([described], Actor), cancellationToken);
                Report(registration is ClientRegistration.Refused refused ? refused.Mistakes[0] : []);
                break;
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Ready(app.HomeUri);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task AddAsync(RegisterAccount accounts, DemoPerson person, CancellationToken cancellationToken)
    {
        var registration = await accounts.AddAsync(
            new NewAccount
            {
                Username = person.Username,
                Email = person.Email,
                Password = person.Password,
                Claims = person.Claims,
                Actor = Actor,
            },
            cancellationToken
        );
        if (registration is Registration.Refused refused)
        {
            NotAdded(DemoPeople.All.ToList().IndexOf(person), refused.Problem);
        }
    }

    private static async Task AddCareersAsync(
        IServiceProvider services,
        IReadOnlyCollection<DemoPerson> people,
        CancellationToken cancellationToken
    )
    {
        var db = services.GetRequiredService<AuthDbContext>();
        string[] usernames = [.. DemoPeople.All.Select(person => person.Username)];
        var ids = await db
            .Accounts.Where(a => usernames.Contains(a.Username))
            .ToDictionaryAsync(a => a.Username, a => a.Id, cancellationToken);
        DemoPerson[] added = [.. people.Where(person => ids.ContainsKey(person.Username))];
        await services
            .GetRequiredService<Posts>()
            .SetAsync(added.ToDictionary(person => ids[person.Username], person => person.Posts), cancellationToken);
        await services
            .GetRequiredService<Supervisions>()
            .SetAsync(
                added.ToDictionary(
                    person => ids[person.Username],
                    IReadOnlyCollection<Guid> (person) =>
                        [.. person.Supervisors.Where(ids.ContainsKey).Select(username => ids[username])]
                ),
                cancellationToken
            );
        await db.SaveChangesAsync(cancellationToken);
    }

    private ClientMetadata Metadata() =>
        new()
        {
            ClientName = "Demo portfolio",
            ClientUri = app.HomeUri,
            RedirectUris = [app.RedirectUri],
            PostLogoutRedirectUris = [app.PostLogoutRedirectUri],
            GrantTypes = ["authorization_code", "refresh_token"],
            Scope = RelyingParty.Scope + " offline_access",
        };

    private void Report(IReadOnlyList<MetadataMistake> mistakes)
    {
        foreach (var mistake in mistakes)
        {
            NotRegistered(mistake.Sentence);
        }
    }

    [LoggerMessage(1204, LogLevel.Information, "Adding demo people, cases and an app.")]
    private partial void Adding();

    [LoggerMessage(1203, LogLevel.Information, "To see it work, open {Address}.")]
    private partial void Ready(string address);

    [LoggerMessage(1201, LogLevel.Warning, "Demo person {Index} was not added: {Problem}")]
    private partial void NotAdded(int index, string problem);

    [LoggerMessage(1202, LogLevel.Warning, "The demo app was not registered: {Mistake}")]
    private partial void NotRegistered(string mistake);
}
