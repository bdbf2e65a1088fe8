// oidc-driver CONFIG.json [--pid N]… [--scenario NAME]… [--rep N] [--name X] [--concurrency N] [--seconds S] [--warmup
// S] [--count N]   [--pause MS]
// Prints one JSON line per scenario. See ../README.md.
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Driver;

if (args.Length == 0 || args[0].StartsWith('-'))
{
    Console.Error.WriteLine(
        "usage: oidc-driver CONFIG.json [--pid N]… [--scenario NAME]… [--rep N] [--name X] [--concurrency N] [--seconds S] [--warmup S] [--count N] [--pause MS]"
    );
    return 2;
}

string[] allowed =
[
    "--pid",
    "--scenario",
    "--rep",
    "--name",
    "--concurrency",
    "--seconds",
    "--warmup",
    "--count",
    "--pause",
];
var config = Config.Load(args[0]);
var options = args.Skip(1)
    .Chunk(2)
    .Select(pair =>
        pair is [var key, var value] && allowed.Contains(key)
            ? (key, value)
            : throw new ArgumentException($"Cannot read {pair[0]}.")
    )
    .ToLookup(pair => pair.key, pair => pair.value);
T Option<T>(string key, T fallback)
    where T : IParsable<T> =>
    options[key].LastOrDefault() is { } value ? T.Parse(value, CultureInfo.InvariantCulture) : fallback;

int[] pids = [.. options["--pid"].Select(pid => int.Parse(pid, CultureInfo.InvariantCulture))];
string[] scenarios = [.. options["--scenario"]];
var concurrency = Option("--concurrency", 16);
var json = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

var endpoints = scenarios.All(Scenarios.IsPath) ? null : Endpoints.Discover(config);
var failed = 0;
foreach (var scenario in scenarios)
{
    var line = new Dictionary<string, object?>
    {
        ["name"] = Option("--name", config.Name),
        ["scenario"] = scenario,
        ["rep"] = Option("--rep", 1),
        ["concurrency"] = concurrency,
    };
    try
    {
        var operations = Scenarios.Create(scenario, config, endpoints);
        var facts = Option("--count", 0) is var count and > 0
            ? new CountedRun(operations, concurrency, count).Execute()
            : new LoadRun(
                operations,
                concurrency,
                Option("--warmup", 1.5),
                Option("--seconds", 5.0),
                TimeSpan.FromMilliseconds(Option("--pause", 0.0)),
                pids
            ).Execute();
        foreach (var (key, value) in facts)
        {
            line[key] = value;
        }
    }
    catch (Exception e)
    {
        line["failed"] = e.Message;
        failed++;
    }

    Console.WriteLine(JsonSerializer.Serialize(line, json));
}

return failed == 0 ? 0 : 1;
