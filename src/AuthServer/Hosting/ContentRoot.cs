namespace AuthServer.Hosting;

/// <summary>
/// Where appsettings.json and wwwroot are: beside an installed program, wherever it is started from; in the working directory
/// of a developer.
/// </summary>
internal static class ContentRoot
{
    public static string Find() => File.Exists(Path.Combine(AppContext.BaseDirectory, "appsettings.json"))
        ? AppContext.BaseDirectory
        : Directory.GetCurrentDirectory();
}
