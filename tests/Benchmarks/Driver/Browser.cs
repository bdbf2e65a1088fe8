using System.Globalization;
using System.Text;

namespace Driver;

/// <summary>
/// Cookies, redirects and HTML forms on top of <see cref="Http"/>: just enough of a browser to sign in.
/// </summary>
internal sealed class Browser(Http http)
{
    private readonly List<(string Name, string Value, string Path)> _cookies = [];

    /// <summary>HTTP requests sent so far.</summary>
    public int Requests { get; private set; }

    public Reply Get(Uri url) => Send("GET", url, null, null);

    public Reply Send(string method, Uri url, string? body, string? contentType)
    {
        Requests++;
        var reply = http.Send(method, url, CookieHeader(url.AbsolutePath), body, contentType);
        if (reply.SetCookies is not null)
        {
            foreach (var cookie in reply.SetCookies)
            {
                Store(cookie);
            }
        }

        return reply;
    }

    /// <summary>
    /// Opens a page, follows redirects and submits forms until a redirect to <paramref name="stopAt"/> (returned),
    /// or a page without a form (returns null).
    /// </summary>
    public string? Walk(Uri start, LoginConfig login, string stopAt)
    {
        var url = start;
        var reply = Get(url);
        for (var step = 0; step < login.MaxSteps; step++)
        {
            if (reply.IsRedirect)
            {
                if (reply.Location!.StartsWith(stopAt, StringComparison.Ordinal))
                {
                    return reply.Location;
                }

                url = new Uri(url, reply.Location);
                reply = Get(url);
            }
            else if (reply.Status < 400 && HtmlForm.Find(reply.Text) is { } form)
            {
                var fields = form.Fill(login.Fields);
                var action = new Uri(url, form.Action);
                if (form.Post)
                {
                    url = action;
                    reply = Send("POST", url, Query(fields), "application/x-www-form-urlencoded");
                }
                else
                {
                    url = new Uri(action.GetLeftPart(UriPartial.Path) + "?" + Query(fields));
                    reply = Get(url);
                }
            }
            else if (reply.Status < 400)
            {
                return null;
            }
            else
            {
                throw new InvalidOperationException($"sign-in stopped at {url}: {reply}");
            }
        }
        throw new InvalidOperationException(
            $"sign-in did not finish in {login.MaxSteps} steps; last at {url}: {reply}"
        );
    }

    public static string Query(IEnumerable<KeyValuePair<string, string>> fields) =>
        string.Join('&', fields.Select(f => Uri.EscapeDataString(f.Key) + "=" + Uri.EscapeDataString(f.Value)));

    private string? CookieHeader(string path)
    {
        if (_cookies.Count == 0)
        {
            return null;
        }

        var header = new StringBuilder("Cookie: ");
        foreach (var c in _cookies)
        {
            if (!Covers(c.Path, path))
            {
                continue;
            }

            if (header.Length > 8)
            {
                header.Append("; ");
            }

            header.Append(c.Name).Append('=').Append(c.Value);
        }
        return header.Length == 8 ? null : header.Append("\r\n").ToString();

        static bool Covers(string cookiePath, string path) =>
            path.StartsWith(cookiePath, StringComparison.Ordinal)
            && (path.Length == cookiePath.Length || cookiePath.EndsWith('/') || path[cookiePath.Length] == '/');
    }

    private void Store(string header)
    {
        var parts = header.Split(';', StringSplitOptions.TrimEntries);
        var eq = parts[0].IndexOf('=');
        if (eq < 0)
        {
            return;
        }

        var (name, value, path, gone) = (parts[0][..eq], parts[0][(eq + 1)..], "/", false);
        foreach (var part in parts.Skip(1))
        {
            if (part.StartsWith("path=", StringComparison.OrdinalIgnoreCase))
            {
                path = part[5..];
            }
            else if (part.StartsWith("max-age=", StringComparison.OrdinalIgnoreCase))
            {
                gone |= part[8..] == "0" || part[8] == '-';
            }
            else if (part.StartsWith("expires=", StringComparison.OrdinalIgnoreCase))
            {
                gone |=
                    DateTimeOffset.TryParse(part[8..], CultureInfo.InvariantCulture, out var when)
                    && when < TimeProvider.System.GetUtcNow();
            }
        }
        _cookies.RemoveAll(c => c.Name == name && c.Path == path);
        if (!gone)
        {
            _cookies.Add((name, value, path));
        }
    }
}
