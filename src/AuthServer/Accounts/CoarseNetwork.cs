using System.Net;
using System.Net.Sockets;

namespace AuthServer.Accounts;

/// <summary>The network an address belongs to: enough to recognise a place, too little to find a person.</summary>
internal static class CoarseNetwork
{
    /// <returns>An IPv4 /24 or an IPv6 /48, or null without an address.</returns>
    public static string? Of(IPAddress? address)
    {
        if (address is null)
        {
            return null;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        var kept = address.AddressFamily == AddressFamily.InterNetwork ? 3 : 6;
        Array.Clear(bytes, kept, bytes.Length - kept);
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }
}
