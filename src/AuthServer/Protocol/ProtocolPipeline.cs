namespace AuthServer.Protocol;

/// <summary>
/// Runs the protocol's endpoints before the middleware that is there for pages. They prove their caller by the protocol's own
/// means (a client's secret, an access token, the session when one is asked for), so cookie authentication, authorization
/// policies and antiforgery would be work for nothing on every token.
/// </summary>
internal static class ProtocolPipeline
{
    /// <summary>Marks an endpoint as the protocol's.</summary>
    public static readonly object Mark = new ProtocolMark();

    /// <summary>To be placed after routing, rate limits and CORS, which hold for every endpoint.</summary>
    public static void UseProtocolEndpoints(this IApplicationBuilder app) => app.Use(next => http =>
        http.GetEndpoint() is { RequestDelegate: { } answer } endpoint && endpoint.Metadata.GetMetadata<ProtocolMark>() is not null
            ? answer(http)
            : next(http));

    private sealed class ProtocolMark;
}
