using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace UnitTests;

/// <summary>Which folder may name which. A new edge is a decision: change this table in the same commit.</summary>
public sealed class LayersTests
{
    [Theory]
    [InlineData("src/Recovery", "AuthServer")]
    [InlineData("src/AuthServer/Protocol", "AuthServer.Pages")]
    [InlineData("src/AuthServer/Protocol", "AuthServer.Hosting")]
    [InlineData("src/AuthServer/Protocol", "Recovery")]
    [InlineData("src/AuthServer/Protocol", "Microsoft.AspNetCore.Mvc")]
    [InlineData("src/AuthServer/Accounts", "AuthServer.Protocol", "AuthServer.Protocol.Storage")]
    [InlineData("src/AuthServer/Accounts", "AuthServer.Pages")]
    [InlineData("src/AuthServer/Accounts", "AuthServer.Hosting")]
    [InlineData("src/AuthServer/Passwords", "AuthServer.Accounts")]
    [InlineData("src/AuthServer/Passwords", "AuthServer.Audit")]
    [InlineData("src/AuthServer/Passwords", "AuthServer.Clients")]
    [InlineData("src/AuthServer/Passwords", "AuthServer.Data")]
    [InlineData("src/AuthServer/Passwords", "AuthServer.Hosting")]
    [InlineData("src/AuthServer/Passwords", "AuthServer.Pages")]
    [InlineData("src/AuthServer/Passwords", "AuthServer.Protocol")]
    [InlineData("src/AuthServer/Passwords", "Recovery")]
    [InlineData("src/AuthServer/Hosting", "AuthServer.Passwords")]
    [InlineData("src/AuthServer/Clients", "AuthServer.Protocol", "AuthServer.Protocol.Storage")]
    [InlineData("src/AuthServer/Protocol/Storage", "AuthServer.Clients")]
    [InlineData("src/AuthServer/Protocol/Storage", "AuthServer.Accounts")]
    [InlineData("src/AuthServer/Protocol/Storage", "AuthServer.Data")]
    [InlineData("src/AuthServer/Clients", "AuthServer.Pages")]
    [InlineData("src/AuthServer/Clients", "AuthServer.Hosting")]
    [InlineData("src/AuthServer/Pages", "AuthServer.Data")]
    [InlineData("src/AuthServer/Pages", "AuthServer.Hosting")]
    [InlineData("src/AuthServer/Hosting", "AuthServer.Protocol")]
    [InlineData("src/AuthServer/Hosting", "AuthServer.Pages")]
    [InlineData("src/AuthServer/Hosting", "AuthServer.Accounts")]
    [InlineData("src/AuthServer/Hosting", "AuthServer.Clients")]
    [InlineData("src/AuthServer/Demo", "AuthServer.Pages")]
    [InlineData("src/AuthServer/Demo", "AuthServer.Hosting")]
    [InlineData("src/AuthServer/Demo", "AuthServer.CommandLine")]
    [InlineData("src/AuthServer/CommandLine", "AuthServer.Pages")]
    [InlineData("src/AuthServer/CommandLine", "AuthServer.Hosting")]
    [InlineData("src/AuthServer/Data", "AuthServer.Pages")]
    [InlineData("src/AuthServer/Data", "AuthServer.Hosting")]
    [InlineData("src/AuthServer/Data", "AuthServer.CommandLine")]
    [InlineData("src/AuthServer/Mail", "AuthServer.Protocol")]
    [InlineData("src/AuthServer/Mail", "AuthServer.Pages")]
    [InlineData("src/AuthServer/Mail", "AuthServer.CommandLine")]
    [InlineData("src/AuthServer/Audit", "AuthServer.Accounts")]
    [InlineData("src/AuthServer/Audit", "AuthServer.Protocol")]
    [InlineData("src/AuthServer/Clients", "AuthServer.Accounts")]
    [InlineData("src/AuthServer/Pages", "AuthServer.CommandLine")]
    [InlineData("src/AuthServer/Protocol", "AuthServer.CommandLine")]
    [InlineData("src/AuthServer/Hosting", "AuthServer.Data")]
    [InlineData("src/AuthServer/Hosting", "AuthServer.Demo")]
    public void The_folder_never_names_the_namespace(string folder, string forbidden, string? except = null)
    {
        var broken = Directory
            .EnumerateFiles(Path.Combine(RepositoryRoot(), folder), "*.cs*", SearchOption.AllDirectories)
            .Where(file =>
                !file.Contains("/obj/", StringComparison.Ordinal) && Path.GetExtension(file) is ".cs" or ".cshtml"
            )
            .Where(file =>
                File.ReadLines(file)
                    .Any(line =>
                        Names(except is null ? line : line.Replace(except, "", StringComparison.Ordinal), forbidden)
                    )
            );

        Assert.Empty(broken);
    }

    // Inside namespace AuthServer.Protocol, "Pages.Links" needs no using, so the short name is looked for too.
    private static bool Names(string line, string ns) =>
        !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
        && Regex.IsMatch(line, $@"(?<![\w.])({Regex.Escape(ns)}\b|{Regex.Escape(ns.Split('.')[^1])}\.\w)");

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../.."));
}
