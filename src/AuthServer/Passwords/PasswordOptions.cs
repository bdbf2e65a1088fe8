using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Passwords;

/// <summary>Settings under <c>Passwords</c>.</summary>
public sealed class PasswordOptions
{
    public const string Section = "Passwords";

    /// <summary>Fewer iterations than this are refused outside Development.</summary>
    public const int FewestIterations = 100_000;

    /// <summary>
    /// The least memory in KiB for 1, 2, 3, 4, and 5 or more passes, outside Development: the equal choices of OWASP's
    /// Password Storage Cheat Sheet.
    /// </summary>
    private static readonly int[] LeastMemory = [47_104, 19_456, 12_288, 9_216, 7_168];

    /// <summary>
    /// How new hashes are made: <c>Argon2id</c> (the default), or <c>Pbkdf2</c> where FIPS 140 asks for it. Hashes of
    /// the other kind still work, and are renewed at the next login.
    /// </summary>
    public PasswordAlgorithm Algorithm { get; set; }

    /// <summary>
    /// Memory of an Argon2id hash, in KiB, for as long as it is computed. Default 19,456 (19 MiB). The least outside
    /// Development is <see cref="LeastMemoryKiB"/>. A change reaches each account at its next login.
    /// </summary>
    [Range(8, Argon2idHash.MostMemoryKiB, ErrorMessage = "Passwords:MemoryKiB must be between 8 and 1048576.")]
    public int MemoryKiB { get; set; } = 19_456;

    /// <summary>Passes of an Argon2id hash over its memory. Default 2.</summary>
    [Range(1, Argon2idHash.MostPasses, ErrorMessage = "Passwords:Passes must be between 1 and 100.")]
    public int Passes { get; set; } = 2;

    /// <summary>
    /// PBKDF2-HMAC-SHA512 iterations of a hash. Default 220,000 (OWASP). At least 100,000 outside Development. A change
    /// reaches each account at its next login.
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

    /// <summary>The least that <see cref="MemoryKiB"/> may be outside Development.</summary>
    public int LeastMemoryKiB => LeastMemory[Math.Clamp(Passes, 1, LeastMemory.Length) - 1];

    public static ValidationResult? CheckRefusedFile(string? path, ValidationContext context) =>
        string.IsNullOrEmpty(path) || File.Exists(path)
            ? ValidationResult.Success
            : new ValidationResult("Passwords:RefusedFile names a file that is not there.");
}

[OptionsValidator]
internal sealed partial class PasswordOptionsValidator : IValidateOptions<PasswordOptions>;

/// <summary>Cheap hashes are for tests and newcomers' machines, never for people's passwords.</summary>
internal sealed class PasswordCostValidator(IHostEnvironment environment) : IValidateOptions<PasswordOptions>
{
    public ValidateOptionsResult Validate(string? name, PasswordOptions options) =>
        environment.IsDevelopment() || Problem(options) is not { } problem
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(problem);

    // What is out of range is refused already.
    private static string? Problem(PasswordOptions options) =>
        options switch
        {
            { Iterations: >= 1 and < PasswordOptions.FewestIterations } =>
                $"Passwords:Iterations is {options.Iterations}; outside Development it must be {PasswordOptions.FewestIterations} or more.",
            { MemoryKiB: >= 8 and <= Argon2idHash.MostMemoryKiB, Passes: >= 1 and <= Argon2idHash.MostPasses }
                when options.MemoryKiB < options.LeastMemoryKiB =>
                $"Passwords:MemoryKiB is {options.MemoryKiB}; outside Development it must be {options.LeastMemoryKiB} or more when Passwords:Passes is {options.Passes}.",
            _ => null,
        };
}

/// <summary>How a new password hash is made.</summary>
public enum PasswordAlgorithm
{
    /// <summary>Argon2id (RFC 9106), one lane.</summary>
    Argon2id,

    /// <summary>PBKDF2-HMAC-SHA512 in ASP.NET Core Identity's format.</summary>
    Pbkdf2,
}
