using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>Names columns as SQL people do, so that hand-written SQL needs no quotes on either provider.</summary>
internal static partial class SnakeCase
{
    public static void UseSnakeCase(this ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
            {
                // A name that a configuration chose, because the plain one is a reserved word, stays.
                if (property.GetColumnName() == property.Name)
                {
                    property.SetColumnName(Of(property.Name));
                }
            }
        }
    }

    public static string Of(string name) => Boundary().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]")]
    private static partial Regex Boundary();
}
