namespace Driver;

/// <summary>
/// A deliberately small blocking HTTP/1.1 keep-alive client. One instance per worker thread: no locks, no async
/// machinery, so that the driver costs a few microseconds a request and one core of driver can load one core of server.
/// It follows no redirects and keeps no cookies; <see cref="Browser"/> does.
/// </summary>
internal sealed class Http : IDisposable
{
    private readonly Dictionary<string, Connection> _connections = new();

    public Reply Get(Uri url, string? headers = null) => Send("GET", url, headers, null, null);

    public Reply PostForm(Uri url, string form, string? headers = null) =>
        Send("POST", url, headers, form, "application/x-www-form-urlencoded");

    public Reply Send(string method, Uri url, string? headers, string? body, string? contentType)
    {
        if (!_connections.TryGetValue(url.Authority, out var connection))
        {
            _connections[url.Authority] = connection = new Connection(url);
        }

        return connection.Exchange(method, url.PathAndQuery, headers, body, contentType);
    }

    public void Dispose()
    {
        foreach (var c in _connections.Values)
        {
            c.Dispose();
        }
    }
}
