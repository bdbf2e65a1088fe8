using System.Text;

namespace Driver;

/// <summary>What the server answered.</summary>
internal sealed class Reply
{
    public int Status { get; set; }

    public string? Location { get; set; }

    public List<string>? SetCookies { get; set; }

    public byte[] Body { get; set; } = [];

    public string Text => Encoding.UTF8.GetString(Body);

    public bool IsRedirect => Status is 301 or 302 or 303 or 307 or 308 && Location is not null;

    public override string ToString() =>
        $"HTTP {Status} {Location} {Text[..Math.Min(Body.Length, 300)]}".Replace('\n', ' ');
}
