using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>What is looked at to check a password: an account's, or nobody's.</summary>
/// <param name="Hash">Null when no password can be right: unknown, disabled, or none chosen.</param>
/// <param name="Scheme">What the hash was made of.</param>
/// <param name="IsStaff">Administrators and support staff are forgiven nothing.</param>
internal sealed record PasswordHeld(string? Hash, PasswordScheme Scheme, bool IsStaff)
{
    public static PasswordHeld Nothing { get; } = new(null, PasswordScheme.Normalized1, IsStaff: false);
}

/// <param name="NewHash">What to store from now on, when the hash was older or of another scheme.</param>
internal sealed record PasswordMatch(string? NewHash);

/// <summary>
/// Checks the forms of a typed password against a hash. How many hashes a wrong password costs depends on what was submitted
/// alone: a form that this account is not allowed is checked against nobody's hash.
/// </summary>
internal sealed class PasswordCheck(PasswordHashes hashes, IOptions<PasswordOptions> options)
{
    /// <summary>Slow: on <see cref="HashingLane"/> only.</summary>
    /// <returns>Null when it is wrong.</returns>
    public PasswordMatch? Find(PasswordHeld held, TypedPassword typed)
    {
        foreach (var (form, allowed) in Forms(held, typed))
        {
            if (held.Hash is null || !allowed)
            {
                hashes.VerifyNobody(form);
                continue;
            }

            var result = hashes.Verify(held.Hash, form);
            if (result == PasswordVerificationResult.Failed)
            {
                continue;
            }

            var isOld = held.Scheme != PasswordScheme.Normalized1 || result == PasswordVerificationResult.SuccessRehashNeeded;
            return new PasswordMatch(isOld ? hashes.Hash(TypedPassword.Normalize(form)) : null);
        }

        return null;
    }

    private IEnumerable<(string Form, bool Allowed)> Forms(PasswordHeld held, TypedPassword typed)
    {
        if (typed.Raw != typed.Normalized)
        {
            yield return (typed.Raw, held.Scheme == PasswordScheme.Raw);
        }

        yield return (typed.Normalized, true);
        if (!options.Value.ForgivingLogIn)
        {
            yield break;
        }

        if (typed.WithoutSpaces is { } withoutSpaces)
        {
            yield return (withoutSpaces, !held.IsStaff);
        }

        if (typed.FirstSwapped is { } firstSwapped)
        {
            yield return (firstSwapped, !held.IsStaff);
        }
    }
}
