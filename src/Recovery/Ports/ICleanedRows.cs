namespace Recovery.Ports;

/// <summary>
/// One kind of rows that the clean-up job removes (or empties) when nobody needs them any more. Recovery has some; the
/// host registers its own. Only the class that writes a table removes from it.
/// </summary>
public interface ICleanedRows
{
    /// <summary>For the log and the meter, such as <c>reset-links</c>.</summary>
    string What { get; }

    /// <summary>Removes some of the rows that are due, the longest dead first, in one short transaction.</summary>
    /// <param name="from">Where the batch before ended: what died earlier is gone. It spares the database a walk over
    /// rows just removed.</param>
    /// <param name="most">Rows in the batch.</param>
    Task<CleanedBatch> RemoveAsync(DateTimeOffset from, int most, CancellationToken cancellationToken);
}

/// <param name="Found">Rows that were due; fewer than were asked for: there are no more.</param>
/// <param name="Removed">Fewer than found when somebody else was faster, or brought one back to life.</param>
/// <param name="Last">When the last of them died.</param>
public sealed record CleanedBatch(int Found, int Removed, DateTimeOffset Last);

/// <param name="Key">The row's primary key.</param>
/// <param name="DiedAt">When it was over: what the rows' index is sorted by.</param>
public sealed record DeadRow<TKey>(TKey Key, DateTimeOffset DiedAt);
