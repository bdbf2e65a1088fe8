using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Xunit;

namespace TestSupport;

/// <summary>Sends requests as they are, byte for byte, and collects those that the server failed at.</summary>
internal static class ManyRequests
{
    /// <summary>
    /// Fails when a request is answered with 500 or more, or not at all, or when the server logs an error.
    /// </summary>
    public static async Task NoneFailsAsync(this AuthServerFixture server, IReadOnlyCollection<string> requests)
    {
        var failures = new StringBuilder();
        await Parallel.ForEachAsync(
            requests,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (request, _) =>
            {
                int status;
                try
                {
                    status = await RawRequest.StatusAsync(server.Issuer, request);
                }
                catch (SocketException)
                {
                    status = -1;
                }

                if (status is <= 0 or >= 500)
                {
                    lock (failures)
                    {
                        failures.Append(status).Append(' ').AppendLine(Shortened(request));
                    }
                }
            }
        );

        var log = string.Join(
            '\n',
            server.Log.Lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.ToString()).Take(5)
        );
        Assert.True(failures.Length == 0, $"{failures.ToString()[..Math.Min(failures.Length, 8_000)]}\n{log}");
        Assert.True(log.Length == 0, log);
    }

    private static string Shortened(string request)
    {
        var (line, body) = (request.Split('\r')[0], request.Split("\r\n\r\n")[^1]);
        return (line.Length > 200 ? line[..200] : line) + " | " + (body.Length > 300 ? body[^300..] : body);
    }

    public static string Get(string target, string headers = "") =>
        $"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n";

    public static string Post(string target, string body, string headers = "") =>
        $"POST {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        + $"Content-Length: {body.Length}\r\n{headers}\r\n{body}";
}
