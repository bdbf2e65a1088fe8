using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>
/// Keeps the data-protection key ring in the database, so that every process reads what any of them sealed.
/// </summary>
internal sealed class DataProtectionKeyRepository(IServiceScopeFactory scopes, Lazy<SealedKeys> sealedKeys)
    : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        return
        [
            .. db
                .DataProtectionKeys.AsNoTracking()
                .Select(key => key.Xml)
                .AsEnumerable()
                .Select(xml => XElement.Parse(xml)),
        ];
    }

    /// <exception cref="SealedKeysException">The keys that are there are sealed, and this process is not set up as they
    /// need it.</exception>
    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        sealedKeys.Value.EnsureUsable([.. db.DataProtectionKeys.AsNoTracking().Select(key => key.Xml)]);
        db.DataProtectionKeys.Add(
            new DataProtectionKey { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) }
        );
        db.SaveChanges();
    }
}
