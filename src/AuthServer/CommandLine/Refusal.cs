using System.Data.Common;
using System.Reflection;
using System.Text.RegularExpressions;
using AuthServer.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AuthServer.CommandLine;

/// <summary>
/// A command cannot be done, for a reason that its user can mend. The message is one sentence for that user.
/// </summary>
public sealed class RefusedException(string sentence) : Exception(sentence);

/// <summary>
/// Tells failures that an operator can mend, which get one sentence, from bugs, which get a stack trace.
/// </summary>
internal static partial class Refusal
{
    /// <returns>The sentence, or null when nobody foresaw this.</returns>
    public static string? Sentence(Exception failure) =>
        failure switch
        {
            RefusedException => failure.Message,
            OptionsValidationException invalid => string.Join(
                Environment.NewLine,
                invalid.Failures.Select(failure => WithKey(failure, invalid.OptionsType))
            ),
            InvalidOperationException when Conversion().Match(failure.Message) is { Success: true } match =>
                $"{match.Groups["key"]} must be {Kind(match.Groups["type"].Value)}; it is \"{match.Groups["value"]}\".",
            InvalidOperationException when failure.Source == "Microsoft.Extensions.Logging.Configuration" =>
                $"Logging:LogLevel cannot be read: {OneLine(failure.Message)}",
            InvalidDataException
                when failure.Message.StartsWith("Failed to load configuration", StringComparison.Ordinal) =>
                $"{OneLine(failure.Message)} {OneLine(failure.GetBaseException().Message)}",
            AggregateException { InnerExceptions: [var only] } => Sentence(only),
            _ when failure.GetBaseException() is SealedKeysException keys => keys.Message,
            OperationCanceledException => "Stopped before it was done.",
            _ when failure.GetBaseException() is DbException broken && !IsBug(broken) => Database(broken),
            IOException or UnauthorizedAccessException =>
                $"Something cannot be read or written: {OneLine(failure.Message)}",
            _ => null,
        };

    /// <summary>The database is not there, locked, full, read-only, or was lost on the way.</summary>
    public static string Database(DbException failure) =>
        $"The database cannot be used: {OneLine(failure.Message)} Check ConnectionStrings:AuthServer.";

    // A rule of the database that we broke is nothing that an operator could mend.
    private static bool IsBug(DbException failure) =>
        failure is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT }
        || failure.SqlState?.StartsWith("23", StringComparison.Ordinal) is true; // SQL: integrity constraint violation

    /// <summary>Another program's message, fit to stand at the end of a sentence of ours.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd().TrimEnd('.') + ".";

    private static string Kind(string type) =>
        type switch
        {
            "System.TimeSpan" => "a time such as 00:10:00",
            "System.Boolean" => "true or false",
            "System.Int32" or "System.Int64" => "a whole number",
            "System.Double" => "a number",
            _ when TypeNamed(type) is { IsEnum: true } choice => "one of " + string.Join(", ", Enum.GetNames(choice)),
            _ => "written otherwise",
        };

    // Generated validators know the member ("The field SessionOptions.IdleTimeout must …", "Provider: …"), operators
    // the key.
    private static string WithKey(string failure, Type options)
    {
        var section = options.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue();
        return FieldMember()
            .Replace(Member().Replace(failure, ""), match => $"{section}:{match.Groups[1].Value.Replace('.', ':')} ");
    }

    private static Type? TypeNamed(string name) =>
        AppDomain
            .CurrentDomain.GetAssemblies()
            .Select(assembly => assembly.GetType(name))
            .FirstOrDefault(type => type is not null);

    // The configuration binder's words.
    [GeneratedRegex(
        "^Failed to convert configuration value '(?<value>.*)' at '(?<key>[^']*)' to type '(?<type>[^']*)'",
        RegexOptions.Singleline
    )]
    private static partial Regex Conversion();

    [GeneratedRegex(@"^The field \w+\.([\w.]+) ")]
    private static partial Regex FieldMember();

    [GeneratedRegex(@"^[\w.]+: ")]
    private static partial Regex Member();
}
