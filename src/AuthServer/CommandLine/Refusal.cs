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
        OptionsValidationException invalid => string.Join(Environment.NewLine, invalid.Failures.Select(WithoutMember)),
        AggregateException { InnerExceptions: [var only] } => Sentence(only),
        OperationCanceledException => "Stopped before it was done.",
        _ => null,
    };

    /// <summary>Another program's message, fit to stand at the end of a sentence of ours.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd().TrimEnd('.') + ".";

    // Generated validators put the member's name in front; the sentences name the whole key themselves.
    private static string WithoutMember(string failure) => MemberName().Replace(failure, "");

    [GeneratedRegex(@"^[\w.]+: ")]
    private static partial Regex MemberName();
}
