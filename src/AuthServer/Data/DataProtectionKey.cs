namespace AuthServer.Data;

/// <summary>One element of the data-protection key ring, shared by every process on this database.</summary>
public sealed class DataProtectionKey
{
    public required string Name { get; init; }

    public required string Xml { get; init; }
}
