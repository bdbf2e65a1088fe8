using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TestSupport.Mail;

/// <summary>The token endpoint of a mail provider (RFC 6749 §3.2).</summary>
internal sealed class TokenEndpoint : IAsyncDisposable
{
    private readonly WebApplication _site;

    private TokenEndpoint(string origin)
    {
        Uri = origin + "/token";
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(origin);
        builder.Logging.ClearProviders();
        _site = builder.Build();
        _site.MapPost("/token", (Delegate)AnswerAsync);
    }

    public string Uri { get; }

    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>The body of its responses.</summary>
    public string Body { get; set; } = """{"access_token":"token-1","token_type":"Bearer","expires_in":3600}""";

    /// <summary>The forms that were posted to it.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Requests { get; } = new();

    public static async Task<TokenEndpoint> StartAsync()
    {
        var endpoint = new TokenEndpoint($"http://127.0.0.1:{FreePort.Next()}");
        await endpoint._site.StartAsync();
        return endpoint;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private async Task<IResult> AnswerAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        Requests.Enqueue(form.ToDictionary(field => field.Key, field => field.Value.ToString()));
        return Results.Content(Body, "application/json", statusCode: Status);
    }
}
