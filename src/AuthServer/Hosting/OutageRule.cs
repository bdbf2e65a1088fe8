namespace AuthServer.Hosting;

/// <summary>
/// Which failures are an outage of something that the server needs: they are answered with 503, and may be tried again.
/// </summary>
/// <param name="IsOutage">Looks at a failure and at those inside it.</param>
internal sealed record OutageRule(Func<Exception, bool> IsOutage);
