using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Driver;

/// <summary>One keep-alive connection, opened again when the server has dropped it.</summary>
internal sealed class Connection(Uri origin) : IDisposable
{
    private NetworkStream? _stream;
    private byte[] _in = new byte[32 * 1024];
    private byte[] _out = new byte[16 * 1024];
    private int _start,
        _end; // unread bytes of _in

    public Reply Exchange(string method, string target, string? headers, string? body, string? contentType)
    {
        var length = Compose(method, target, headers, body, contentType);
        var reused = _stream is not null;
        while (true)
        {
            try
            {
                Open();
                _stream!.Write(_out, 0, length);
                if (_start == _end && !Fill())
                {
                    throw new IOException("connection closed before the response");
                }
            }
            // The server dropped an idle keep-alive connection: once more on a new one.
            catch (IOException) when (reused)
            {
                Close();
                reused = false;
                continue;
            }
            try
            {
                return Read();
            }
            catch
            {
                Close();
                throw;
            }
        }
    }

    private int Compose(string method, string target, string? headers, string? body, string? contentType)
    {
        var need =
            512
            + target.Length
            + (headers?.Length ?? 0)
            + (body is null ? 0 : Encoding.UTF8.GetMaxByteCount(body.Length));
        if (_out.Length < need)
        {
            _out = new byte[need];
        }

        var n = 0;
        void Text(string s) => n += Encoding.ASCII.GetBytes(s, 0, s.Length, _out, n);
        Text(method);
        Text(" ");
        Text(target);
        Text(" HTTP/1.1\r\nHost: ");
        Text(origin.Authority);
        Text("\r\n");
        if (headers is not null)
        {
            Text(headers);
        }

        if (body is not null)
        {
            Text("Content-Type: ");
            Text(contentType!);
            Text("\r\nContent-Length: ");
            Text(Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture));
            Text("\r\n");
        }
        Text("\r\n");
        if (body is not null)
        {
            n += Encoding.UTF8.GetBytes(body, 0, body.Length, _out, n);
        }

        return n;
    }

    private void Open()
    {
        if (_stream is not null)
        {
            return;
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = 60_000,
            SendTimeout = 60_000,
        };
        socket.Connect(origin.Host, origin.Port);
        _stream = new NetworkStream(socket, ownsSocket: true);
        _start = _end = 0;
    }

    public void Dispose() => Close();

    private void Close()
    {
        _stream?.Dispose();
        _stream = null;
        _start = _end = 0;
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            Buffer.BlockCopy(_in, _start, _in, 0, _end - _start);
            _end -= _start;
            _start = 0;
        }
        if (_end == _in.Length)
        {
            Array.Resize(ref _in, _in.Length * 2);
        }

        var n = _stream!.Read(_in, _end, _in.Length - _end);
        _end += n;
        return n > 0;
    }

    private void Need(int count)
    {
        while (_end - _start < count)
        {
            if (!Fill())
            {
                throw new IOException("connection closed in the middle of a response");
            }
        }
    }

    private Reply Read()
    {
        int headEnd;
        while ((headEnd = _in.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!Fill())
            {
                throw new IOException("connection closed in the middle of the headers");
            }
        }

        var reply = new Reply();
        long contentLength = -1;
        bool chunked = false,
            close = false;
        var head = _in.AsSpan(_start, headEnd);
        var lineEnd = head.IndexOf("\r\n"u8);
        var status = lineEnd < 0 ? head : head[..lineEnd];
        _ = Utf8Parser.TryParse(status[9..], out int code, out _);
        reply.Status = code;
        if (status.StartsWith("HTTP/1.0"u8))
        {
            close = true;
        }

        while (lineEnd >= 0)
        {
            head = head[(lineEnd + 2)..];
            lineEnd = head.IndexOf("\r\n"u8);
            var line = lineEnd < 0 ? head : head[..lineEnd];
            var colon = line.IndexOf((byte)':');
            if (colon < 0)
            {
                continue;
            }

            var value = line[(colon + 1)..].Trim((byte)' ');
            switch (colon)
            {
                case 14 when Is(line[..colon], "content-length"u8):
                    _ = Utf8Parser.TryParse(value, out contentLength, out _);
                    break;
                case 17 when Is(line[..colon], "transfer-encoding"u8):
                    chunked = Is(value, "chunked"u8);
                    break;
                case 10 when Is(line[..colon], "connection"u8):
                    close |= Is(value, "close"u8);
                    break;
                case 10 when Is(line[..colon], "set-cookie"u8):
                    (reply.SetCookies ??= []).Add(Encoding.UTF8.GetString(value));
                    break;
                case 8 when Is(line[..colon], "location"u8):
                    reply.Location = Encoding.UTF8.GetString(value);
                    break;
            }
        }
        _start += headEnd + 4;

        if (code is 204 or 304 or (>= 100 and < 200)) { }
        else if (chunked)
        {
            reply.Body = ReadChunks();
        }
        else if (contentLength >= 0)
        {
            Need((int)contentLength);
            reply.Body = _in.AsSpan(_start, (int)contentLength).ToArray();
            _start += (int)contentLength;
        }
        else
        {
            while (Fill()) { }
            reply.Body = _in.AsSpan(_start, _end - _start).ToArray();
            close = true;
        }
        if (close)
        {
            Close();
        }

        return reply;
    }

    private byte[] ReadChunks()
    {
        var body = new MemoryStream();
        while (true)
        {
            int eol;
            while ((eol = _in.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
            {
                if (!Fill())
                {
                    throw new IOException("connection closed in the middle of a chunk");
                }
            }

            _ = Utf8Parser.TryParse(_in.AsSpan(_start, eol), out int size, out _, 'x');
            _start += eol + 2;
            Need(size + 2);
            body.Write(_in, _start, size);
            _start += size + 2;
            if (size == 0)
            {
                return body.ToArray();
            }
        }
    }

    private static bool Is(ReadOnlySpan<byte> value, ReadOnlySpan<byte> lower) => Ascii.EqualsIgnoreCase(value, lower);
}
