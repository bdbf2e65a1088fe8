using AuthServer.Data;

namespace AuthServer.CommandLine;

/// <summary>The command line: <c>AuthServer serve | migrate | clients … | users … | keys …</c>. Without a verb it serves.</summary>
internal static class Commands
{
    public static async Task<int> RunAsync(string[] args)
    {
        var app = Program.Build(args);
        await app.Services.GetRequiredService<Schema>().MigrateAsync(CancellationToken.None);
        await app.RunAsync();
        return 0;
    }
}
