using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>Settings under <c>Passwords</c>.</summary>
public sealed class PasswordOptions
{
    public const string Section = "Passwords";

    /// <summary>Fewer iterations than this are refused outside Development.</summary>
    public const int FewestIterations = 100_000;

    /// <summary>
    /// PBKDF2-HMAC-SHA512 iterations of a password's hash. Default 220,000 (OWASP). At least 100,000 outside
    /// Development. A change reaches each account at its next log-in.
    /// </summary>
    [Range(1, 10_000_000, ErrorMessage = "Passwords:Iterations must be between 1 and 10000000.")]
    public int Iterations { get; set; } = 220_000;

    /// <summary>
    /// Accept a password with spaces around it, or with the other case of its first character (NIST SP 800-63B-4
    /// §3.1.1.2), from people who are not staff. Default true. OWASP ASVS 6.2.8 says otherwise:
    /// docs/adr/0024-forgiving-passwords.md.
    /// </summary>
    public bool ForgivingLogIn { get; set; } = true;

    /// <summary>
    /// More words that a password may not be made of, such as the name of the deanery. Separated by commas. Default
    /// none; this service's own words are always refused.
    /// </summary>
    public string RefusedWords { get; set; } = "";

    /// <summary>
    /// A file of more passwords to refuse, one a line in UTF-8, such as a list from breaches. Read when the first
    /// password is set. Default none.
    /// </summary>
    [CustomValidation(typeof(PasswordOptions), nameof(CheckRefusedFile))]
    public string? RefusedFile { get; set; }

    public static ValidationResult? CheckRefusedFile(string? path, ValidationContext context) =>
        string.IsNullOrEmpty(path) || File.Exists(path)
            ? ValidationResult.Success
            : new ValidationResult("Passwords:RefusedFile names a file that is not there.");
}

[OptionsValidator]
internal sealed partial class PasswordOptionsValidator : IValidateOptions<PasswordOptions>;

/// <summary>Few iterations are for tests and newcomers' machines, never for people's passwords.</summary>
internal sealed class PasswordIterationsValidator(IHostEnvironment environment) : IValidateOptions<PasswordOptions>
{
    public ValidateOptionsResult Validate(string? name, PasswordOptions options) =>
        // Less than 1 is refused already.
        options.Iterations
            is < 1
                or >= PasswordOptions.FewestIterations
        || environment.IsDevelopment()
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Passwords:Iterations is {options.Iterations}; outside Development it must be {PasswordOptions.FewestIterations} or more."
            );
}
