namespace Recovery.Ports;

/// <summary>What recovery needs to know about, and do to, an account. The host implements it.</summary>
public interface IAccountDirectory
{
    /// <summary>Every account with this verified e-mail address: several people or accounts may share one. Empty when nobody has it.</summary>
    /// <param name="email">As typed; the host folds it.</param>
    Task<IReadOnlyList<AccountReference>> FindByEmailAsync(string email, CancellationToken cancellationToken);

    /// <summary>The account that answers to this username (or unshared address), or null.</summary>
    Task<AccountReference?> FindByIdentifierAsync(string identifier, CancellationToken cancellationToken);
}

/// <summary>An account as recovery sees it.</summary>
/// <param name="Id">The account's id.</param>
/// <param name="Username">As it was typed when it was set.</param>
/// <param name="DisplayName">What to call the person.</param>
/// <param name="Email">Where mail goes, or null when no address is verified.</param>
/// <param name="Disabled">True: the person is told to contact support, and gets no link.</param>
public sealed record AccountReference(Guid Id, string Username, string DisplayName, string? Email, bool Disabled);
