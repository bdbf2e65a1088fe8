using Microsoft.Extensions.Options;

namespace AuthServer.CommandLine;

/// <summary>A command cannot be done, for a reason that its user can mend. The message is one sentence for that user.</summary>
public sealed class RefusedException(string sentence) : Exception(sentence);

/// <summary>Tells failures that an operator can mend, which get one sentence, from bugs, which get a stack trace.</summary>
internal static class Refusal
{
    /// <returns>The sentence, or null when nobody foresaw this.</returns>
    public static string? Sentence(Exception failure) => failure switch
    {
        RefusedException => failure.Message,
        OptionsValidationException invalid => string.Join(Environment.NewLine, invalid.Failures),
        AggregateException { InnerExceptions: [var only] } => Sentence(only),
        OperationCanceledException => "Stopped before it was done.",
        _ => null,
    };

    /// <summary>Another program's message, fit to stand at the end of a sentence of ours.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd().TrimEnd('.') + ".";
}
