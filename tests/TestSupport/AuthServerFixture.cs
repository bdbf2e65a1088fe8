using AuthServer.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TestSupport.Mail;
using Xunit;

namespace TestSupport;

/// <summary>
/// The whole server, in this process, on real Kestrel and a database of its own: what a test talks to over HTTP. As an
/// <c>IClassFixture</c> one server serves the tests of a class; <see cref="StartAsync"/> starts one for a single test.
/// </summary>
public sealed class AuthServerFixture : IAsyncLifetime, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly bool _ownsDatabase;
    private readonly FixedClock? _clock;
    private readonly bool _https;
    private readonly string _environment;
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly Action<WebApplicationBuilder>? _configure;
    private WebApplication? _app;

    /// <summary>For <c>IClassFixture</c>: the defaults of <see cref="StartAsync"/>.</summary>
    public AuthServerFixture()
        : this(null, null, false, Environments.Development, null, null) { }

    private AuthServerFixture(
        FixedClock? clock,
        TestDatabase? database,
        bool https,
        string environment,
        IReadOnlyDictionary<string, string?>? settings,
        Action<WebApplicationBuilder>? configure
    )
    {
        (_clock, _https, _environment, _configure) = (clock, https, environment, configure);
        _settings = settings ?? new Dictionary<string, string?>();
        _ownsDatabase = database is null;
        Database = database ?? new SqliteTestDatabase();
        Certificate = https ? new SelfSignedCertificate(_folder, TimeProvider.System.GetUtcNow()) : null;
        Given = new Given(this);
        Mailbox = new Mailbox(this);
    }

    /// <summary>
    /// The issuer, which is also the address of every page: <c>http://127.0.0.1:port</c>, without a slash at its end.
    /// </summary>
    public string Issuer { get; private set; } = "";

    public TestDatabase Database { get; }

    /// <summary>The clock of the test, when it brought one.</summary>
    public FixedClock Clock => _clock ?? throw new InvalidOperationException("This server runs on the system's clock.");

    /// <summary>What the server calls now.</summary>
    public DateTimeOffset Now => Services.GetRequiredService<TimeProvider>().GetUtcNow();

    public SelfSignedCertificate? Certificate { get; }

    /// <summary>The mail folder, where each message is one <c>.eml</c> file.</summary>
    public string MailFolder => _folder.File("mail");

    /// <summary>What it sent to anybody, read from <see cref="MailFolder"/>.</summary>
    public Mailbox Mailbox { get; }

    public LogBook Log { get; } = new();

    /// <summary>Accounts, clients and sessions to start from.</summary>
    internal Given Given { get; }

    public IServiceProvider Services => App.Services;

    private WebApplication App => _app ?? throw new InvalidOperationException("The server has not started.");

    /// <summary>Starts a server.</summary>
    /// <param name="clock">Its time; null: the system's.</param>
    /// <param name="database">Shared with another server, say; null: a new SQLite file, deleted at the end.</param>
    /// <param name="https">With a self-signed certificate.</param>
    /// <param name="environment">Development (without demo data, and with quick password hashes) or Production.</param>
    /// <param name="settings">On top of the fixture's own, by their names in appsettings.</param>
    /// <param name="configure">The last word on its services.</param>
    public static async Task<AuthServerFixture> StartAsync(
        FixedClock? clock = null,
        TestDatabase? database = null,
        bool https = false,
        string environment = "Development",
        IReadOnlyDictionary<string, string?>? settings = null,
        Action<WebApplicationBuilder>? configure = null
    )
    {
        var server = new AuthServerFixture(clock, database, https, environment, settings, configure);
        await server.InitializeAsync();
        return server;
    }

    public async Task InitializeAsync()
    {
        // Another process may take the port between the draw and the start; then the next draw is tried.
        for (var attempt = 1; _app is null; attempt++)
        {
            var port = FreePort.Next();
            Issuer = $"{(_https ? "https" : "http")}://127.0.0.1:{port}";
            var app = Program.Build(Arguments(), Configure);
            try
            {
                await app.Services.GetRequiredService<Schema>().MigrateAsync(CancellationToken.None);
                await app.StartAsync();
                _app = app;
            }
            catch (Exception failure)
            {
                await app.DisposeAsync();
                if (failure is not IOException || attempt == 5)
                {
                    await DisposeAsync();
                    throw;
                }
            }
        }
    }

    /// <summary>Does something with the server's services in a scope of its own.</summary>
    public async Task<T> InScopeAsync<T>(Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = Services.CreateAsyncScope();
        return await act(scope.ServiceProvider);
    }

    /// <summary>Does something with the database.</summary>
    public Task<T> InDatabaseAsync<T>(Func<AuthDbContext, Task<T>> act) =>
        InScopeAsync(services => act(services.GetRequiredService<AuthDbContext>()));

    /// <summary>A person's browser, without cookies yet.</summary>
    public TestBrowser NewBrowser() => new(this);

    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (_ownsDatabase)
        {
            await Database.DisposeAsync();
        }

        _folder.Dispose();
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    private string[] Arguments()
    {
        var settings = new Dictionary<string, string?>
        {
            ["applicationName"] = "AuthServer",
            ["contentRoot"] = Repository.PathOf("src/AuthServer"),
            ["environment"] = _environment,
            ["urls"] = Issuer,
            ["Issuer"] = Issuer,
            ["Database:Provider"] = Database.Provider,
            ["ConnectionStrings:AuthServer"] = Database.ConnectionString,
            ["Mail:Transport"] = "Folder",
            ["Mail:Folder"] = MailFolder,
            ["Mail:From"] = "help@eportfolios.test",
            ["Demo"] = "false",
        };
        if (_environment == Environments.Development)
        {
            settings["Passwords:MemoryKiB"] = "64";
            settings["Passwords:Passes"] = "1";
            settings["Passwords:Iterations"] = "1000";
        }

        if (Certificate is not null)
        {
            settings["Kestrel:Certificates:Default:Path"] = Certificate.CertificatePath;
            settings["Kestrel:Certificates:Default:KeyPath"] = Certificate.KeyPath;
        }

        foreach (var (key, value) in _settings)
        {
            settings[key] = value;
        }

        return
        [
            .. settings
                .Where(setting => setting.Value is not null)
                .Select(setting => $"--{setting.Key}={setting.Value}"),
        ];
    }

    private void Configure(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders().AddProvider(Log);
        if (_clock is not null)
        {
            builder.Services.AddSingleton<TimeProvider>(_clock);
            if (Database.Provider == "Postgres")
            {
                // The database's machine is another one, and goes by the test's time too.
                builder.Services.AddSingleton(new DatabaseClock(_clock.Unset));
            }
        }

        _configure?.Invoke(builder);
    }
}
