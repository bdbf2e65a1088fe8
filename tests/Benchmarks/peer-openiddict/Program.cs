// OpenIddict as its documentation and samples set it up, to measure against. See ../README.md.
//   ASPNETCORE_URLS       such as http://127.0.0.1:5103
//   DATABASE              sqlite (default) | pg
//   CONN                  the connection string
//   PLAIN_ACCESS_TOKENS   1: DisableAccessTokenEncryption(). By default OpenIddict encrypts access tokens.
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using OpenIddictPeer;
using static OpenIddict.Abstractions.OpenIddictConstants;

var builder = WebApplication.CreateBuilder(args);

// The samples log at Information, several lines a request. The other peer logs nothing.
builder.Logging.SetMinimumLevel(LogLevel.Warning);

var connection = builder.Configuration["CONN"] ?? "Data Source=openiddict.db";
builder.Services.AddDbContext<PeerDbContext>(options =>
{
    if (builder.Configuration["DATABASE"] == "pg")
    {
        options.UseNpgsql(connection);
    }
    else
    {
        options.UseSqlite(connection);
    }

    options.UseOpenIddict();
});

builder
    .Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
    .AddCookie(options => options.LoginPath = LogInPage.Path);
builder.Services.AddAuthorization();

builder
    .Services.AddOpenIddict()
    .AddCore(options => options.UseEntityFrameworkCore().UseDbContext<PeerDbContext>())
    .AddServer(options =>
    {
        options
            .SetAuthorizationEndpointUris("connect/authorize")
            .SetTokenEndpointUris("connect/token")
            .SetUserInfoEndpointUris("connect/userinfo")
            .SetIntrospectionEndpointUris("connect/introspect");
        options.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().AllowClientCredentialsFlow();
        options.RegisterScopes(Scopes.Email, Scopes.Profile, Seed.ApiScope);
        options.AddEncryptionCertificate(Certificates.Encryption).AddSigningCertificate(Certificates.Signing);
        if (builder.Configuration["PLAIN_ACCESS_TOKENS"] == "1")
        {
            options.DisableAccessTokenEncryption();
        }

        options
            .UseAspNetCore()
            .EnableAuthorizationEndpointPassthrough()
            .EnableTokenEndpointPassthrough()
            .EnableUserInfoEndpointPassthrough()
            .DisableTransportSecurityRequirement(); // plain http, as every server that is measured
    })
    .AddValidation(options =>
    {
        options.UseLocalServer();
        options.UseAspNetCore();
    });

builder.Services.AddHostedService<Seed>();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
LogInPage.Map(app);
AuthorizeEndpoint.Map(app);
TokenEndpoint.Map(app);
UserInfoEndpoint.Map(app);
await app.RunAsync();
