using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using TestSupport;

namespace ProtocolTests.Hosting;

public sealed class RequestLimitsTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_is_too_large_is_answered_with_413(bool chunked)
    {
        using var browser = server.NewBrowser();
        var content = new StreamContent(new MemoryStream(Encoding.ASCII.GetBytes("code=" + new string('x', 70_000))));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        content.Headers.ContentLength = chunked ? null : 70_005;
        var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;

        var answer = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }

    [Fact]
    public async Task Headers_that_are_too_large_are_answered_with_431()
    {
        using var browser = server.NewBrowser();
        var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        for (var i = 0; i < 5; i++)
        {
            request.Headers.Add($"X-Large-{i}", new string('x', 8_000));
        }

        var answer = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, answer.Status);
    }

    [Theory]
    [InlineData(12_000, HttpStatusCode.OK)]
    [InlineData(20_000, HttpStatusCode.RequestUriTooLong)]
    public async Task An_address_may_be_long_and_not_endless(int length, HttpStatusCode expected)
    {
        using var browser = server.NewBrowser();

        var answer = await browser.GetAsync("/health/live?state=" + new string('x', length));

        Assert.Equal(expected, answer.Status);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=nonsense")]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json")]
    public async Task A_body_that_is_no_form_is_the_senders_mistake(string contentType)
    {
        using var browser = server.NewBrowser();
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes("grant_type=%ZZ&=&&client_id"));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        var answer = await browser.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = content }
        );

        Assert.InRange((int)answer.Status, 400, 499);
    }

    [Theory]
    [InlineData("NONSENSE\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("POST /connect/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n")]
    public async Task What_is_not_HTTP_is_answered_with_400(string sent)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(server.Issuer).Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(sent));
        using var reader = new StreamReader(stream);

        var answer = await reader.ReadLineAsync();

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_under_way_is_answered_before_the_server_stops()
    {
        var stopping = await AuthServerFixture.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(stopping.Issuer).Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                "POST /connect/token HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                    + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\n"
            )
        );
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync()); // the endpoint is reading

        var stop = stopping.DisposeAsync();
        await stream.WriteAsync("grant_type"u8.ToArray());
        await reader.ReadLineAsync();
        var answer = await reader.ReadLineAsync();
        await stop;

        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
    }
}
