using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>
/// What was typed travels sealed from page to page. A seal that is right says nothing about what is under it: text of
/// every kind is opened, by every page that reads it, and asked for again by the pages that send it on.
/// </summary>
public abstract class CarriedTextContract : StorageContract
{
    private const string Sent = "/forgotten-login-details/sent";

    private static readonly string[] Pages =
    [
        "/log-in",
        "/forgotten-login-details",
        "/forgotten-login-details/username",
        Sent,
        $"{Sent}?by=username",
    ];

    /// <summary>UTF-8 of what no person can type, or more than any field takes.</summary>
    private static readonly byte[][] Untypeable =
    [
        .. new[]
        {
            "a\0b",
            "\0",
            "\u0001anna@example.test",
            "anna@example.test\r\nSet-Cookie: a=b",
            "\u007Fa",
            "\u0085",
            new string('a', 513),
            new string('\u2019', 64 * 1024),
            new string('a', 64 * 1024) + "@example.test",
        }.Select(Encoding.UTF8.GetBytes),
        [],
        [0xED, 0xA0, 0xBD], // half of a surrogate pair
        [(byte)'a', 0xED, 0xB8, 0x80, (byte)'@', (byte)'b'],
        [0xFF, 0xFE],
        [0xC0, 0x80], // NUL, overlong
        [0xF5, 0x80, 0x80, 0x80],
        [.. "anna@example.test"u8, 0xC3],
    ];

    private static readonly string[] Odd =
    [
        " ",
        "'--",
        "\"><script>alert(1)</script>",
        "\u202Ea\u200B",
        "\u0301",
        "\uFFFF",
        "\uD83D\uDE00",
        "a@\u00FC..test",
        "@",
        "a@xn--",
        "%00",
        new string('\u2019', 512),
    ];

    protected override IReadOnlyDictionary<string, string?> Settings =>
        new Dictionary<string, string?> { ["Limits:PerAddress:PagesPerSecond"] = "10000000" };

    [Fact]
    public async Task No_text_under_a_right_seal_is_answered_with_a_500()
    {
        using var browser = Server.NewBrowser();
        var form = (await browser.GetAsync("/forgotten-login-details")).Ok();
        var token = form.All("input[name=__RequestVerificationToken]")[0].GetAttribute("value");
        var cookies = string.Join("; ", browser.Cookies.Select(cookie => $"{cookie.Name}={cookie.Value}"));
        string[] texts = [.. Untypeable.Concat(Odd.Select(Encoding.UTF8.GetBytes)).Select(Sealed)];

        await Server.NoneFailsAsync([
            .. from text in texts from page in Pages select ManyRequests.Get(With(page, text)),
            .. from text in texts
            from page in Pages[3..]
            select ManyRequests.Post(
                page,
                $"__RequestVerificationToken={token}&Typed={text}",
                $"Cookie: {cookies}\r\n"
            ),
            .. from text in texts
            select ManyRequests.Post(
                "/forgotten-login-details/username",
                $"__RequestVerificationToken={token}&Username=nobody1234&Typed={text}",
                $"Cookie: {cookies}\r\n"
            ),
        ]);
        await new Forgotten(Server).AnsweredAsync();
    }

    [Fact]
    public async Task What_nobody_can_type_is_filled_into_no_field()
    {
        using var browser = Server.NewBrowser();
        foreach (var text in Untypeable.Select(Sealed).Where(text => text.Length < 4_000))
        {
            foreach (var page in Pages[..3])
            {
                var shown = (await browser.GetAsync(With(page, text))).Ok();
                Assert.Empty(shown.All("#Username, #Email")[0].GetAttribute("value") ?? "");
            }

            var sent = (await browser.GetAsync(With(Sent, text))).Ok();
            Assert.Contains("We are writing to the email address you gave us.", sent.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_was_typed_is_filled_in_as_it_was_typed()
    {
        using var browser = Server.NewBrowser();

        var page = (await browser.GetAsync(With("/log-in", Sealed("O\u2019Brien \U0001F600\""u8.ToArray())))).Ok();

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("O\u2019Brien \U0001F600\"", page.One("#Username").GetAttribute("value"));
    }

    private static string With(string page, string text) =>
        $"{page}{(page.Contains('?', StringComparison.Ordinal) ? '&' : '?')}typed={text}";

    /// <summary>As the server seals it, but whatever it is.</summary>
    private string Sealed(byte[] text)
    {
        var plain = new byte[sizeof(long) + text.Length];
        BinaryPrimitives.WriteInt64BigEndian(plain, Server.Now.UtcTicks);
        text.CopyTo(plain, sizeof(long));
        return Base64Url.EncodeToString(
            Server
                .Services.GetRequiredService<IDataProtectionProvider>()
                .CreateProtector("AuthServer.CarriedText.v1")
                .Protect(plain)
        );
    }
}
