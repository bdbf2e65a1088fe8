using Microsoft.AspNetCore.Http.Metadata;

namespace AuthServer.Protocol;

/// <summary>
/// Runs the protocol's endpoints before the middleware that is there for pages. They prove their caller by the
/// protocol's own means (a client's secret, an access token, the session when one is asked for), so cookie
/// authentication, authorization policies and antiforgery would be work for nothing on every token.
/// </summary>
internal static class ProtocolPipeline
{
    /// <summary>Marks an endpoint as the protocol's.</summary>
    public static readonly object Mark = new ProtocolMark();

    /// <summary>Marks an endpoint that answers programs, with JSON also when something goes wrong.</summary>
    public static readonly IProducesResponseTypeMetadata ForPrograms = new ProducesResponseTypeMetadata(
        StatusCodes.Status200OK,
        type: null,
        ["application/json"]
    );

    private static readonly string[] PathsForPrograms =
    [
        ProtocolPaths.Token,
        ProtocolPaths.PushedAuthorization,
        ProtocolPaths.DeviceAuthorization,
        ProtocolPaths.UserInfo,
        ProtocolPaths.Introspect,
        ProtocolPaths.Revoke,
    ];

    /// <summary>To be placed after routing, rate limits and CORS, which hold for every endpoint.</summary>
    public static void UseProtocolEndpoints(this IApplicationBuilder app) =>
        app.Use(next =>
            http =>
                http.GetEndpoint() is { RequestDelegate: { } answer } endpoint
                && endpoint.Metadata.GetMetadata<ProtocolMark>() is not null
                    ? answer(http)
                : PathsForPrograms.Contains(http.Request.Path.Value, StringComparer.OrdinalIgnoreCase)
                    ? AnswerWrongMethodAsync(http, next)
                : next(http)
        );

    // The path is the protocol's and the endpoint is not: it is the framework's, which says 405 and which methods there
    // are.
    private static async Task AnswerWrongMethodAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false })
        {
            await JsonAnswer.WriteErrorAsync(
                http,
                ProtocolError.InvalidRequest("This endpoint is not made for that HTTP method.") with
                {
                    Status = StatusCodes.Status405MethodNotAllowed,
                }
            );
        }
    }

    private sealed class ProtocolMark;
}
