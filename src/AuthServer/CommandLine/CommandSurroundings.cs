using System.CommandLine;

namespace AuthServer.CommandLine;

/// <summary>What a command runs in: its input and outputs are the process's, unless a test supplies its own.</summary>
internal sealed class CommandSurroundings : InvocationConfiguration
{
    /// <summary>Null: the standard input, as UTF-8.</summary>
    public TextReader? Input { get; init; }

    /// <summary>Settings that come before the environment's, as <c>--Key=value</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>A last word on the services: a clock, say.</summary>
    public Action<WebApplicationBuilder>? Configure { get; init; }
}
