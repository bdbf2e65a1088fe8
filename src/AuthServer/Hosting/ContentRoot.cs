namespace AuthServer.Hosting;

/// <summary>
/// Where appsettings.json and wwwroot are: beside an installed program, wherever it is started from; in the working
/// directory of a developer. <c>--contentRoot</c> says otherwise.
/// </summary>
internal static class ContentRoot
{
    /// <returns>The folder, or null when the framework is told by other means.</returns>
    public static string? Find(string[] args) =>
        !args.Any(arg => arg.StartsWith("--contentRoot", StringComparison.OrdinalIgnoreCase))
        && Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot"))
            ? AppContext.BaseDirectory
            : null;
}
