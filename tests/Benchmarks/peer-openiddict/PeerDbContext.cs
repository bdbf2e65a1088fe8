using Microsoft.EntityFrameworkCore;

namespace OpenIddictPeer;

/// <summary>OpenIddict's entities (added by <c>UseOpenIddict</c>) and the people who log in.</summary>
internal sealed class PeerDbContext(DbContextOptions<PeerDbContext> options) : DbContext(options)
{
    public DbSet<Person> People => Set<Person>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Person>().HasIndex(person => person.Username).IsUnique();
    }
}

internal sealed class Person
{
    /// <summary>The subject. A string, as in ASP.NET Core Identity, which the samples use.</summary>
    public required string Id { get; init; }

    public required string Username { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }
}
