using System.Net;
using AuthServer.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace TestSupport;

/// <summary>A browser's cookies and the log-in form's operation, without the page.</summary>
internal sealed class LogInAttempt(AuthServerFixture server)
{
    private readonly Dictionary<string, string> _cookies = [];

    public Task<LogInOutcome> TryAsync(string identifier, string password) =>
        server.InScopeAsync(async services =>
        {
            var http = new DefaultHttpContext { RequestServices = services };
            http.Request.Scheme = new Uri(server.Issuer).Scheme;
            http.Request.Headers.Cookie = string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));
            http.Connection.RemoteIpAddress = IPAddress.Loopback;
            var outcome = await services
                .GetRequiredService<PasswordLogIn>()
                .TryAsync(identifier, password, http, CancellationToken.None);
            foreach (
                var cookie in SetCookieHeaderValue.ParseList([.. http.Response.Headers.SetCookie.OfType<string>()])
            )
            {
                _cookies[cookie.Name.Value!] = cookie.Value.Value!;
            }

            return outcome;
        });
}
