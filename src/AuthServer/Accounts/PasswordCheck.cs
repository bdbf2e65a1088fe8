using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>What is looked at to check a password: an account's, or nobody's.</summary>
/// <param name="Hash">Null when no password can be right: unknown, disabled, or none chosen.</param>
/// <param name="Scheme">What the hash was made of.</param>
/// <param name="IsStaff">Administrators and support staff are forgiven nothing.</param>
internal sealed record PasswordHeld(string? Hash, PasswordScheme Scheme, bool IsStaff)
{
    public static PasswordHeld Nothing { get; } = new(null, TypedPassword.Scheme, IsStaff: false);
}

/// <param name="NewHash">What to store from now on, when the hash was older or of another scheme.</param>
internal sealed record PasswordMatch(string? NewHash);

/// <summary>
/// Checks the forms of a typed password against a hash. How many hashes a wrong password costs depends on what was
/// submitted alone: a form that this account is not allowed is checked against nobody's hash.
/// </summary>
internal sealed class PasswordCheck(PasswordHashes hashes, IOptions<PasswordOptions> options)
{
    /// <summary>Slow: on <see cref="HashingLane"/> only.</summary>
    /// <returns>Null when it is wrong.</returns>
    public PasswordMatch? Find(PasswordHeld held, TypedPassword typed)
    {
        var forms = typed.Forms(held.Scheme, options.Value.ForgivingLogIn);
        foreach (var form in forms)
        {
            if (held.Hash is null || (form.IsForgiven && held.IsStaff))
            {
                hashes.VerifyNobody(form.Text);
                continue;
            }

            var result = hashes.Verify(held.Hash, form.Text);
            if (result != PasswordVerificationResult.Failed)
            {
                var isOld =
                    held.Scheme != TypedPassword.Scheme || result == PasswordVerificationResult.SuccessRehashNeeded;
                return new PasswordMatch(isOld ? hashes.Hash(TypedPassword.Normalize(form.Text)) : null);
            }
        }

        // Accounts of another scheme would have cost this many.
        for (var spent = forms.Count; spent < Most(typed); spent++)
        {
            hashes.VerifyNobody(typed.Normalized);
        }

        return null;
    }

    private int Most(TypedPassword typed) =>
        Enum.GetValues<PasswordScheme>().Max(scheme => typed.Forms(scheme, options.Value.ForgivingLogIn).Count);
}
