using System.Net.Sockets;
using System.Text;

namespace TestSupport;

/// <summary>Sends bytes that no HTTP library would send, and reads the answer's status.</summary>
public static class RawRequest
{
    /// <param name="issuer">An http server of this machine.</param>
    /// <param name="request">The request as it goes over the wire, in Latin-1: one character is one byte.</param>
    /// <returns>The status code, or 0 when the server closed the connection without an answer.</returns>
    public static async Task<int> StatusAsync(string issuer, string request)
    {
        var server = new Uri(issuer);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Host, server.Port);
        await using var stream = tcp.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
            return await reader.ReadLineAsync() is { } line ? int.Parse(line.Split(' ')[1], null) : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
