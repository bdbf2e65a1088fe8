using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthServer.Hosting;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: everything that a module registered as a health
/// check is well, so a load balancer may send people here. Names and states only: the answer is public.
/// </summary>
internal static class HealthChecks
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks(
            "/health/live",
            new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync }
        );
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteAsync });
    }

    private static Task WriteAsync(HttpContext http, HealthReport report) =>
        http.Response.WriteAsJsonAsync(
            new Dictionary<string, object>
            {
                ["status"] = report.Status.ToString(),
                ["checks"] = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString()),
            },
            http.RequestAborted
        );
}
