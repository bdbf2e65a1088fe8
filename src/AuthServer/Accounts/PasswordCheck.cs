using AuthServer.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PasswordOptions = AuthServer.Passwords.PasswordOptions;

namespace AuthServer.Accounts;

/// <summary>The stored password that a typed one is checked against.</summary>
/// <param name="Hash">Null when no password can be right: the account is unknown or disabled, or has no
/// password.</param>
/// <param name="Scheme">How the hashed text was normalized.</param>
/// <param name="IsStaff">Administrators and support staff are forgiven nothing.</param>
internal sealed record StoredPassword(string? Hash, PasswordScheme Scheme, bool IsStaff)
{
    public static StoredPassword None { get; } = new(null, TypedPassword.Scheme, IsStaff: false);
}

/// <summary>What a check found.</summary>
/// <param name="IsRight">Whether the typed password is the stored one.</param>
/// <param name="NewHash">The hash to store instead, when the password is right and its hash is older.</param>
/// <param name="Longest">How long a check of this submission can take, whatever the account.</param>
internal sealed record PasswordVerdict(bool IsRight, string? NewHash, TimeSpan Longest);

/// <summary>Checks the forms of a typed password against a hash (docs/adr/0002).</summary>
internal sealed class PasswordCheck(PasswordHashes hashes, HashTimes times, IOptions<PasswordOptions> options)
{
    /// <summary>Slow: on <see cref="PasswordHashQueue"/> only.</summary>
    public PasswordVerdict Check(StoredPassword stored, TypedPassword typed)
    {
        if (stored.Hash is not null)
        {
            times.Include(stored.Hash);
        }

        var match = Match(stored.Hash is null ? StoredPassword.None : stored, typed);
        return new PasswordVerdict(match is not null, match?.NewHash, times.Slowest * MostForms(typed));
    }

    private RightForm? Match(StoredPassword stored, TypedPassword typed)
    {
        foreach (var form in typed.Forms(stored.Scheme, options.Value.ForgivingLogIn))
        {
            if (stored.Hash is null || (form.IsForgiven && stored.IsStaff))
            {
                hashes.VerifyStandIn(form.Text);
                continue;
            }

            var result = hashes.Verify(stored.Hash, form.Text);
            if (result != PasswordVerificationResult.Failed)
            {
                var isOld =
                    stored.Scheme != TypedPassword.Scheme || result == PasswordVerificationResult.SuccessRehashNeeded;
                return new RightForm(isOld ? hashes.Hash(TypedPassword.Normalize(form.Text)) : null);
            }
        }

        return null;
    }

    private int MostForms(TypedPassword typed) =>
        Enum.GetValues<PasswordScheme>().Max(scheme => typed.Forms(scheme, options.Value.ForgivingLogIn).Count);

    private sealed record RightForm(string? NewHash);
}
