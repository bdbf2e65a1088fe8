using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace AuthServer.CommandLine;

/// <summary>A command cannot be done, for a reason that its user can mend. The message is one sentence for that user.</summary>
public sealed class RefusedException(string sentence) : Exception(sentence);

/// <summary>Tells failures that an operator can mend, which get one sentence, from bugs, which get a stack trace.</summary>
internal static partial class Refusal
{
    /// <returns>The sentence, or null when nobody foresaw this.</returns>
    public static string? Sentence(Exception failure) => failure switch
    {
        RefusedException => failure.Message,
        OptionsValidationException invalid => string.Join(Environment.NewLine, invalid.Failures.Select(failure => WithKey(failure, invalid.OptionsType))),
        InvalidDataException or InvalidOperationException when OfConfiguration(failure) => OneLine(failure.Message),
        AggregateException { InnerExceptions: [var only] } => Sentence(only),
        OperationCanceledException => "Stopped before it was done.",
        _ => null,
    };

    // "Failed to convert configuration value 'x' at 'Sessions:IdleTimeout' …", "Failed to load configuration from file …".
    private static bool OfConfiguration(Exception failure) =>
        failure.Source?.StartsWith("Microsoft.Extensions.Configuration", StringComparison.Ordinal) == true
        || failure.Source == "Microsoft.Extensions.Logging.Configuration"
        || failure.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal);

    /// <summary>Another program's message, fit to stand at the end of a sentence of ours.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd().TrimEnd('.') + ".";

    // Generated validators know the member ("The field SessionOptions.IdleTimeout must …", "Provider: …"), operators the key.
    private static string WithKey(string failure, Type options)
    {
        var section = options.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue();
        return FieldMember().Replace(Member().Replace(failure, ""), match => $"{section}:{match.Groups[1].Value} ");
    }

    [GeneratedRegex(@"^The field \w+\.(\w+) ")]
    private static partial Regex FieldMember();

    [GeneratedRegex(@"^[\w.]+: ")]
    private static partial Regex Member();
}
