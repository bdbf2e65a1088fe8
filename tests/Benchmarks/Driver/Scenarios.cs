namespace Driver;

/// <summary>
/// The scenarios by name. A name may end in <c>:role</c>, which of the config's clients is used: <c>code_flow:spa</c>.
/// </summary>
internal static class Scenarios
{
    /// <returns>Makes the operation of one worker.</returns>
    public static Func<int, Operation> Create(string scenario, Config config, Endpoints? endpoints)
    {
        Setting Of(int worker) => new(config, endpoints, worker);
        if (IsPath(scenario))
        {
            return worker => new GetOperation(Of(worker), new Uri(new Uri(config.Issuer), scenario[4..]));
        }

        var known =
            endpoints ?? throw new InvalidOperationException($"The scenario {scenario} needs a discovery document.");
        var (name, role) = scenario.Split(':') is [var before, var after] ? (before, after) : (scenario, null);
        ClientConfig Client(string usual) => config.Client(role ?? (config.Clients.ContainsKey(usual) ? usual : "web"));
        return name switch
        {
            "discovery" => worker => new GetOperation(Of(worker), known.Discovery),
            "jwks" => worker => new GetOperation(Of(worker), known.Jwks),
            "login" => worker => new LogInOperation(Of(worker), Client("web")),
            "client_credentials" => worker => new ClientCredentialsOperation(Of(worker), Client("machine")),
            "authorize" => worker => new AuthorizeOperation(Of(worker), Client("web")),
            "code_flow" => worker => new CodeFlowOperation(Of(worker), Client("web")),
            "refresh" => worker => new RefreshOperation(Of(worker), Client("web")),
            "userinfo" => worker => new UserInfoOperation(Of(worker), Client("userinfo")),
            "introspection" => worker => new IntrospectOperation(Of(worker), Client("userinfo")),
            _ => throw new InvalidOperationException($"There is no scenario {name}."),
        };
    }

    /// <summary>Any address of the server, such as <c>get:/hello</c>: it needs no OpenID Connect.</summary>
    public static bool IsPath(string scenario) => scenario.StartsWith("get:", StringComparison.Ordinal);

    private sealed class GetOperation(Setting setting, Uri url) : Operation(setting)
    {
        public override void Run()
        {
            var reply = Http.Get(url);
            if (reply.Status != 200)
            {
                throw new InvalidOperationException($"GET {url}: {reply}");
            }
        }
    }

    /// <summary>
    /// A whole log-in with no cookies, up to the first code: what a new visitor costs, password hashing included.
    /// </summary>
    private sealed class LogInOperation(Setting setting, ClientConfig client) : Operation(setting)
    {
        private int _requests = 1;

        public override int HttpRequestsPerOperation => _requests;

        public override void Run()
        {
            var session = NewSession(client);
            session.SignIn();
            _requests = session.Requests;
        }
    }

    private sealed class ClientCredentialsOperation(Setting setting, ClientConfig client) : Operation(setting)
    {
        private OidcSession? _session;

        public override void Run() => (_session ??= NewSession(client)).ClientCredentials();
    }

    /// <summary>Everything after a log-in: one session per worker.</summary>
    private abstract class LoggedInOperation(Setting setting, ClientConfig client) : Operation(setting)
    {
        private OidcSession? _session;

        protected OidcSession Session => _session ?? throw new InvalidOperationException("Not prepared.");

        public override void Prepare()
        {
            _session = NewSession(client);
            _session.SignIn();
        }

        protected Tokens CodeFlow()
        {
            var (code, verifier) = Session.Authorize();
            return Session.Redeem(code, verifier);
        }
    }

    private sealed class AuthorizeOperation(Setting setting, ClientConfig client) : LoggedInOperation(setting, client)
    {
        public override void Run() => Session.Authorize();
    }

    private sealed class CodeFlowOperation(Setting setting, ClientConfig client) : LoggedInOperation(setting, client)
    {
        public override int HttpRequestsPerOperation => 2;

        public override void Run() => CodeFlow();
    }

    private sealed class RefreshOperation(Setting setting, ClientConfig client) : LoggedInOperation(setting, client)
    {
        private string _refreshToken = "";

        public override void Prepare()
        {
            base.Prepare();
            _refreshToken =
                CodeFlow().RefreshToken ?? throw new InvalidOperationException("The code flow gave no refresh token.");
        }

        // The server decides whether it rotates: a new token replaces the old one, no new token keeps it.
        public override void Run() => _refreshToken = Session.Refresh(_refreshToken).RefreshToken ?? _refreshToken;
    }

    private abstract class AccessTokenOperation(Setting setting, ClientConfig client)
        : LoggedInOperation(setting, client)
    {
        protected string AccessToken { get; private set; } = "";

        public override void Prepare()
        {
            base.Prepare();
            AccessToken = CodeFlow().AccessToken;
        }
    }

    private sealed class UserInfoOperation(Setting setting, ClientConfig client) : AccessTokenOperation(setting, client)
    {
        public override void Run() => Session.UserInfo(AccessToken);
    }

    private sealed class IntrospectOperation(Setting setting, ClientConfig client)
        : AccessTokenOperation(setting, client)
    {
        public override void Run() => Session.Introspect(AccessToken);
    }
}
