using System.Text;
using Microsoft.Extensions.Options;

namespace AuthServer.Pages.About;

/// <summary>Where the text of a policy is.</summary>
internal abstract record Policy
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private Policy() { }

    /// <summary>At another address.</summary>
    public sealed record Elsewhere(Uri Address) : Policy;

    /// <summary>On our page, as the operator wrote it.</summary>
    public sealed record Written(string Html) : Policy;

    /// <summary>The operator has said nothing.</summary>
    public sealed record BuiltIn : Policy;

    /// <summary>The setting leads nowhere.</summary>
    public sealed record Unreadable : Policy;

    /// <param name="setting">An https address, a path, or nothing.</param>
    public static Policy Read(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
        {
            return new BuiltIn();
        }

        if (Uri.TryCreate(setting, UriKind.Absolute, out var address) && !address.IsFile)
        {
            return address.Scheme == Uri.UriSchemeHttps ? new Elsewhere(address) : new Unreadable();
        }

        try
        {
            return new Written(File.ReadAllText(setting, Utf8));
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new Unreadable();
        }
    }
}

/// <summary>The policies of the organisation that runs the service, as they were when the server started.</summary>
internal sealed class Policies(IOptions<PolicyOptions> options)
{
    public string? Organisation => options.Value.Organisation;

    public Policy Accessibility { get; } = Policy.Read(options.Value.Accessibility);

    public Policy Privacy { get; } = Policy.Read(options.Value.Privacy);

    /// <summary>The footer's link. The ticket is added for our own page only, and never sent to another site.</summary>
    public static string Link(Policy policy, string path, string? ticket) =>
        policy is Policy.Elsewhere { Address: var address } ? address.AbsoluteUri : Links.WithTicket(path, ticket);
}
