using System.Diagnostics;
using System.Globalization;
using System.Net;
using TestSupport;

namespace CrashTests;

/// <summary>
/// The disk fails while the server runs: the process may write to no file any more, which SQLite sees as an input/output
/// error. People and apps are asked to come back, and can when it is mended.
/// </summary>
public sealed class DiskErrorTests
{
    // A process that ignores the signal gets an error from each write instead (setrlimit(2), RLIMIT_FSIZE).
    private static readonly string[] IgnoringTheSignal =
    [
        "sh",
        "-c",
        "trap '' XFSZ; echo \"pid=$$\"; exec \"$@\"",
        "launcher",
    ];

    [Fact]
    [Trait("spec", "RFC 9110 15.6.4")]
    public async Task An_error_of_the_disk_puts_people_and_apps_off_and_loses_nothing()
    {
        await using var database = new SqliteTestDatabase();
        var issuer = $"http://127.0.0.1:{FreePort.Next()}";
        await using var server = new KilledServer(database, issuer);
        await server.StartAsync(IgnoringTheSignal);
        var operations = new OperatorWorker(server, issuer, new Random(1));
        var (clientId, secret) = await operations.RegisterAsync();
        var username = await operations.AddAccountAsync();
        using var user = new AppUser(issuer, clientId, secret);
        Assert.True(await user.LogInAsync(username, OperatorWorker.Password));
        var signIn = await user.RedeemAsync(await user.AuthorizeAsync());
        using var another = new AppUser(issuer, clientId, secret);
        using var http = new HttpClient { BaseAddress = new Uri(issuer) };

        await LimitFilesAsync(server, "0:unlimited");
        var page = await another.PostLogInAsync(username, OperatorWorker.Password);
        var refused = await user.RefreshAsync(signIn.Text("refresh_token")!);
        var ready = await http.GetAsync("/health/ready");
        var live = await http.GetAsync("/health/live");
        await LimitFilesAsync(server, "unlimited");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.Contains("The service is busy", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("incorrect", page.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal("temporarily_unavailable", refused.Text("error"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Contains("disk I/O error", server.Output, StringComparison.Ordinal);
        Assert.True((await user.RefreshAsync(signIn.Text("refresh_token")!)).IsOk);
        Assert.True(await another.LogInAsync(username, OperatorWorker.Password));
    }

    /// <param name="server">Must have been started by <see cref="IgnoringTheSignal"/>.</param>
    /// <param name="bytes">The size that its files may have, as <c>prlimit</c> of util-linux reads it.</param>
    private static async Task LimitFilesAsync(KilledServer server, string bytes)
    {
        var line = server.Output.Split('\n').First(line => line.StartsWith("pid=", StringComparison.Ordinal));
        var pid = int.Parse(line["pid=".Length..], CultureInfo.InvariantCulture);
        using var prlimit = Process.Start("prlimit", [$"--pid={pid}", $"--fsize={bytes}"]);
        await prlimit.WaitForExitAsync();
        Assert.Equal(0, prlimit.ExitCode);
    }
}
