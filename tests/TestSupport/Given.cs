using System.Net;
using System.Security.Cryptography;
using AuthServer.Accounts;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Passwords;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using OpenIddict.Abstractions;
using Xunit;

namespace TestSupport;

/// <summary>A person, and what they type to log in.</summary>
internal sealed record GivenAccount(Guid Id, string Username, string Password);

/// <summary>An app, and its secret when it has one.</summary>
internal sealed record GivenClient(string ClientId, string? Secret, ClientMetadata Metadata);

/// <summary>What a test starts from.</summary>
internal sealed class Given(AuthServerFixture server)
{
    public const string Password = "a long walk by the canal";

    /// <summary>The redirect URI of a given client: nothing listens there, the test reads the redirect.</summary>
    public const string RedirectUri = "https://app.example.test/callback";

    public const string PostLogoutRedirectUri = "https://app.example.test/goodbye";

    /// <summary>A person who can log in with this password, which no rule has looked at.</summary>
    /// <param name="username">Null: a new one.</param>
    /// <param name="more">Sets the rest of the account.</param>
    /// <param name="password">As the person will type it.</param>
    public async Task<GivenAccount> AccountAsync(
        string? username = null,
        Action<Account>? more = null,
        string password = Password
    )
    {
        var account = new Account
        {
            Id = Guid.CreateVersion7(server.Now),
            Username = username ?? $"smith{Guid.NewGuid():N}",
            PasswordHash = server.Services.GetRequiredService<PasswordHashes>().Hash(TypedPassword.Normalize(password)),
            CreatedAt = server.Now,
            UpdatedAt = server.Now,
        };
        more?.Invoke(account);
        account.EmailNormalized = account.Email is null ? null : Identifier.Normalize(account.Email);
        return await server.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<AuthDbContext>();
            var identifiers = services.GetRequiredService<LogInIdentifiers>();
            var claimed = ClaimedIdentifiers.Of(account);
            await using var transaction = await db.Database.BeginTransactionAsync();
            var ledger = await identifiers.OpenAsync(
                [claimed.Username, claimed.Email ?? claimed.Username],
                CancellationToken.None
            );
            Assert.Null(ledger.Problem(claimed));
            ledger.Apply(null, claimed);
            db.Accounts.Add(account);
            await identifiers.WriteAsync(ledger, CancellationToken.None);
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
            return new GivenAccount(account.Id, account.Username, password);
        });
    }

    /// <summary>
    /// An app that signs people in: confidential unless <paramref name="metadata"/> says otherwise. No rule has looked
    /// at it.
    /// </summary>
    /// <param name="metadata">Null: an ordinary one.</param>
    /// <param name="clientId">Null: a new one.</param>
    /// <param name="secret">Null: a new one, where the app needs one.</param>
    public async Task<GivenClient> ClientAsync(
        ClientMetadata? metadata = null,
        string? clientId = null,
        string? secret = null
    )
    {
        metadata ??= new ClientMetadata
        {
            ClientName = "Portfolio",
            RedirectUris = [RedirectUri],
            PostLogoutRedirectUris = [PostLogoutRedirectUri],
            GrantTypes = ["authorization_code", "refresh_token"],
        };
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = clientId ?? $"client-{Guid.NewGuid():N}",
            ClientSecret = metadata.UsesSecret
                ? secret ?? Convert.ToHexString(RandomNumberGenerator.GetBytes(32))
                : null,
        };
        ClientDescriptors.Write(metadata, descriptor);
        await server.InScopeAsync(async services =>
            await services
                .GetRequiredService<IOpenIddictApplicationManager>()
                .CreateAsync(descriptor, CancellationToken.None)
        );
        return new GivenClient(descriptor.ClientId, descriptor.ClientSecret, metadata);
    }

    /// <summary>A user has agreed that an app may have these scopes; space separated.</summary>
    public Task<bool> ConsentAsync(GivenAccount account, GivenClient client, string scopes) =>
        server.InScopeAsync(async services =>
        {
            var app = await services
                .GetRequiredService<ClientDirectory>()
                .FindAsync(client.ClientId, CancellationToken.None);
            Assert.NotNull(app);
            await services
                .GetRequiredService<Consents>()
                .GiveAsync(account.Id, app, scopes.Split(' '), CancellationToken.None);
            return true;
        });

    /// <summary>An app with the small OIDC client that plays it.</summary>
    public async Task<RelyingParty> RelyingPartyAsync(ClientMetadata? metadata = null) =>
        new(server, await ClientAsync(metadata));

    /// <summary>A browser in which the person has just logged in; the log-in page is not part of the test.</summary>
    public Task<TestBrowser> LoggedInAsync(GivenAccount account) => LoggedInAsync(account, server.NewBrowser());

    /// <summary>The person logs in, in a browser that may have been used before.</summary>
    public async Task<TestBrowser> LoggedInAsync(GivenAccount account, TestBrowser browser)
    {
        var setCookie = await server.InScopeAsync(async services =>
        {
            var http = new DefaultHttpContext { RequestServices = services };
            http.Request.Scheme = new Uri(server.Issuer).Scheme;
            http.Request.Host = new HostString(new Uri(server.Issuer).Authority);
            http.Request.Headers.Cookie = string.Join(
                "; ",
                browser.Cookies.Select(cookie => $"{cookie.Name}={cookie.Value}")
            );
            http.Connection.RemoteIpAddress = IPAddress.Loopback;
            var stamp = await server.InDatabaseAsync(db =>
                db.Accounts.Where(a => a.Id == account.Id).Select(a => a.SecurityStamp).SingleAsync()
            );
            await services
                .GetRequiredService<Sessions>()
                .StartAsync(http, account.Id, stamp, "pwd", server.Now, CancellationToken.None);
            return SetCookieHeaderValue.ParseList([.. http.Response.Headers.SetCookie.OfType<string>()]);
        });
        foreach (var cookie in setCookie)
        {
            browser.Keep(
                new Cookie(cookie.Name.Value!, cookie.Value.Value, "/") { HttpOnly = true, Secure = cookie.Secure }
            );
        }

        return browser;
    }
}
