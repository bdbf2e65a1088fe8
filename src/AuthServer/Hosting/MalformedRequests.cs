namespace AuthServer.Hosting;

/// <summary>
/// Answers what cannot be read (a body that is too large, breaks off or is no form) with the 4xx that says so. The
/// reading happens deep inside an endpoint and ends there as an exception; unhandled, it would look like our mistake.
/// </summary>
internal static partial class MalformedRequests
{
    public static void UseMalformedRequests(this IApplicationBuilder app)
    {
        var logger = app
            .ApplicationServices.GetRequiredService<ILoggerFactory>()
            .CreateLogger(typeof(MalformedRequests).FullName!);
        app.Use(
            async (http, next) =>
            {
                // The framework no longer supports UTF-7 and throws wherever such a form is read. Without its type the
                // body is no form, and each endpoint answers as it does to any body that is none.
                if (http.Request.ContentType?.Contains("utf-7", StringComparison.OrdinalIgnoreCase) is true)
                {
                    http.Request.ContentType = null;
                }

                try
                {
                    await next(http);
                }
                catch (Exception e) when (StatusOf(e) is { } status && !http.Response.HasStarted)
                {
                    Refused(logger, status, e.GetType().Name);
                    http.Response.Clear();
                    http.Response.StatusCode = status;
                }
                catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
                {
                    // Whoever asked is gone: nobody is left to answer, and nothing went wrong here.
                }
            }
        );
    }

    private static int? StatusOf(Exception failure) =>
        failure switch
        {
            BadHttpRequestException { StatusCode: var status } => status,
            InvalidDataException => StatusCodes.Status400BadRequest, // the form reader's limits
            _ => null,
        };

    [LoggerMessage(1001, LogLevel.Information, "Answered a request that cannot be read with {Status} ({Cause}).")]
    private static partial void Refused(ILogger logger, int status, string cause);
}
