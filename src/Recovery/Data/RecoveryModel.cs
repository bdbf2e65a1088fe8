using Microsoft.EntityFrameworkCore;

namespace Recovery.Data;

/// <summary>Maps recovery's tables. The host calls it from OnModelCreating.</summary>
public static class RecoveryModel
{
    public static ModelBuilder ApplyRecoveryModel(this ModelBuilder model) => model;
}
