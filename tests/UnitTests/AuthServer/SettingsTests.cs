using System.Reflection;
using TestSupport;

namespace UnitTests.AuthServer;

/// <summary>Whoever puts the server into service finds every setting in one table.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void Every_setting_is_in_the_table_of_the_deployment_readme()
    {
        var rows = File.ReadAllLines(Repository.PathOf("deploy/README.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .ToList();
        var keys = new[]
        {
            typeof(global::AuthServer.Data.DatabaseOptions).Assembly,
            typeof(global::Recovery.RecoveryOptions).Assembly,
        }
            .SelectMany(assembly => assembly.GetTypes())
            .Select(type =>
                (
                    Type: type,
                    Section: type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue()
                        as string
                )
            )
            .SelectMany(options => options.Section is { } section ? KeysOf(options.Type, section) : [])
            .Where(key => key.Name != "Issuer") // stands at the top, in no section
            .ToList();

        var missing = keys.Where(key => !rows.Any(row => Names(row, key.Section, key.Name)))
            .Select(key => $"{key.Section}:{key.Name}");

        Assert.True(keys.Count > 50);
        Assert.Empty(missing);
    }

    private static bool Names(string row, string section, string name) =>
        row.Contains($"`{section}:", StringComparison.Ordinal)
        && (row.Contains($":{name}`", StringComparison.Ordinal) || row.Contains($":{name}:", StringComparison.Ordinal));

    private static IEnumerable<(string Section, string Name)> KeysOf(Type options, string section) =>
        from property in options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.CanWrite
        from key in IsGroup(property.PropertyType)
            ? KeysOf(property.PropertyType, $"{section}:{property.Name}")
            : [(section, property.Name)]
        select key;

    private static bool IsGroup(Type type) =>
        type.IsClass
        && type != typeof(string)
        && !type.IsArray
        && type.Namespace is { } space
        && (
            space.StartsWith("AuthServer", StringComparison.Ordinal)
            || space.StartsWith("Recovery", StringComparison.Ordinal)
        );
}
