using AuthServer.Accounts;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace UnitTests.AuthServer.Accounts;

public sealed class LongLivedCookiesTests
{
    private readonly KnownBrowsers _browsers = new(new EphemeralDataProtectionProvider());

    [Theory]
    [InlineData("o\u2019brien4821")]
    [InlineData("anna@example.org")]
    [InlineData("Anna; Lee=\"x\"")]
    public void A_remembered_username_comes_back_as_it_was_typed(string username)
    {
        var http = Https();

        RememberedUsername.Write(http, username);

        Assert.Equal(username, RememberedUsername.Read(Next(http).Request));
    }

    [Fact]
    public void The_remembered_username_lasts_a_year_and_can_be_cleared()
    {
        var http = Https();
        RememberedUsername.Write(http, "anna1234");
        var set = Assert.Single(SetCookies(http));
        var next = Next(http);

        RememberedUsername.Clear(next);

        Assert.Equal(("__Host-remembered-username", TimeSpan.FromDays(365)), (set.Name.ToString(), set.MaxAge));
        Assert.True(set.HttpOnly && set.Secure);
        Assert.Equal(Microsoft.Net.Http.Headers.SameSiteMode.Lax, set.SameSite);
        Assert.True(Assert.Single(SetCookies(next)).Expires < DateTimeOffset.UnixEpoch.AddDays(1));
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("=")]
    public void A_broken_cookie_is_no_cookie(string value)
    {
        var http = Https();
        http.Request.Headers.Cookie = $"__Host-remembered-username={value}; __Host-known-browser={value}";

        Assert.Null(RememberedUsername.Read(http.Request));
        Assert.Null(_browsers.Find(http.Request, Guid.NewGuid()));
    }

    [Fact]
    public void A_browser_is_known_to_each_account_that_logged_in_from_it_under_one_id()
    {
        var (anna, bea, stranger) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var http = Https();
        _browsers.Remember(http, anna);
        http = Next(http);
        _browsers.Remember(http, bea);
        http = Next(http);

        var forAnna = _browsers.Find(http.Request, anna);

        Assert.NotNull(forAnna);
        Assert.Equal(forAnna, _browsers.Find(http.Request, bea));
        Assert.Null(_browsers.Find(http.Request, stranger));
    }

    [Fact]
    public void A_shared_computer_forgets_who_logged_in_longest_ago()
    {
        var people = Enumerable.Range(0, 17).Select(_ => Guid.NewGuid()).ToList();
        var http = Https();
        foreach (var person in people)
        {
            _browsers.Remember(http, person);
            http = Next(http);
        }

        Assert.Null(_browsers.Find(http.Request, people[0]));
        Assert.All(people.Skip(1), person => Assert.NotNull(_browsers.Find(http.Request, person)));
    }

    private static DefaultHttpContext Https() => new() { Request = { Scheme = "https" } };

    /// <summary>The browser's next request, with the cookies it was given.</summary>
    private static DefaultHttpContext Next(DefaultHttpContext before)
    {
        var next = Https();
        next.Request.Headers.Cookie = string.Join(
            "; ",
            SetCookies(before).Select(cookie => $"{cookie.Name}={cookie.Value}")
        );
        return next;
    }

    private static IList<SetCookieHeaderValue> SetCookies(DefaultHttpContext http) =>
        SetCookieHeaderValue.ParseList([.. http.Response.Headers.SetCookie.OfType<string>()]);
}
