using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using TestSupport;
using TestSupport.Browser;
using Xunit.Sdk;

namespace BrowserTests;

/// <summary>The tests' own guard: a visitor notices what no page of ours may do.</summary>
public sealed class VisitorTests : IAsyncLifetime
{
    private readonly string _origin = $"http://127.0.0.1:{FreePort.Next()}";
    private WebApplication? _site;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(_origin);
        _site = builder.Build();
        _site.Run(async http =>
        {
            http.Response.ContentType = "text/html";
            http.Response.Headers.ContentSecurityPolicy = "script-src 'self'";
            await http.Response.WriteAsync(
                http.Request.Path.Value switch
                {
                    "/stranger" => "<!doctype html><title>Page</title><img src='https://stranger.example/pixel.png'>",
                    "/inline" => "<!doctype html><title>Page</title><script>document.title = 'inline'</script>",
                    _ => "<!doctype html><title>Page</title>",
                }
            );
        });
        await _site.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(Device.Desktop, true)]
    [InlineData(Device.Phone, false)]
    public async Task A_page_that_keeps_to_itself_passes(Device device, bool javaScript)
    {
        await using var visitor = await Visitor.ArriveAsync([_origin], device, javaScript);

        var answer = await visitor.Page.GotoAsync(_origin);

        Assert.Equal((int)HttpStatusCode.OK, answer?.Status);
    }

    [Theory]
    [InlineData("/stranger")]
    [InlineData("/inline")]
    public async Task A_page_that_asks_a_stranger_or_breaks_its_policy_fails_the_test(string path)
    {
        var visitor = await Visitor.ArriveAsync([_origin]);
        await visitor.Page.GotoAsync(_origin + path);

        await Assert.ThrowsAsync<EmptyException>(async () => await visitor.DisposeAsync());
    }
}
