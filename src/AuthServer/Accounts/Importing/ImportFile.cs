using System.Text;
using CsvHelper;

namespace AuthServer.Accounts.Importing;

/// <summary>
/// Reads accounts from CSV (RFC 4180) with a header. Each row is checked as it is read; a bad one does not stop the
/// rest.
/// </summary>
internal static class ImportFile
{
    /// <summary>Columns with rules of their own; the others are <see cref="AccountColumns"/>.</summary>
    private static readonly string[] Special =
    [
        "username",
        "email",
        "email_verified",
        "password",
        "password_hash",
        "previous_emails",
        PostColumn.Name,
        "supervisors",
        "sub",
        "preferred_username",
        "updated_at",
        "app",
    ];

    /// <summary>The columns that a file may have.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [.. Special, .. AccountColumns.All.Select(column => column.Name)];

    /// <returns>
    /// The rows, read as they are asked for; or what is wrong with the file as a whole, as a sentence.
    /// </returns>
    public static (IEnumerable<ImportRow> Rows, string? Problem) Open(TextReader text)
    {
        var records = Records(text, firstLine: 1, lineBreaks: true).GetEnumerator();
        if (!records.MoveNext())
        {
            return ([], "The file is empty: its first line must name the columns.");
        }

        string[] names = [.. records.Current.Fields.Select(name => name.Trim().ToLowerInvariant())];
        return ProblemWithHeader(names) is { } problem ? ([], problem) : (Rows(records, names), null);
    }

    private static IEnumerable<ImportRow> Rows(IEnumerator<Record> records, string[] names)
    {
        while (records.MoveNext())
        {
            var record = records.Current;
            if (record.Problem is null && record.Fields.All(string.IsNullOrWhiteSpace))
            {
                continue; // a spreadsheet saves the rows below the last one too, when something stood there once
            }

            if (record.Problem is null && record.Fields.Length == names.Length)
            {
                yield return ImportRowReader.Read(record.Line, names, record.Fields);
                continue;
            }

            yield return Bad(record, names);

            // A quotation mark that is never closed takes the lines below it into its field: they are rows of their
            // own.
            foreach (var inside in Below(record))
            {
                yield return inside.Problem is null && inside.Fields.Length == names.Length
                    ? ImportRowReader.Read(inside.Line, names, inside.Fields)
                    : Bad(inside, names);
            }
        }
    }

    private static ImportRow Bad(Record record, string[] names) =>
        new(
            record.Line,
            "",
            record.Problem ?? $"The row has {record.Fields.Length} fields, and the header names {names.Length} columns."
        );

    private static IEnumerable<Record> Below(Record record)
    {
        using var raw = new StringReader(record.Raw ?? "");
        return raw.ReadLine() is not null && raw.ReadToEnd() is { Length: > 0 } rest
            ? [.. Records(new StringReader(rest), record.Line + 1, lineBreaks: false)]
            : [];
    }

    private static IEnumerable<Record> Records(TextReader text, long firstLine, bool lineBreaks)
    {
        CsvMalformedRecord? malformed = null;
        using var reader = CsvReader.Create(
            text,
            new CsvReaderOptions
            {
                AllowLineBreaksInQuotes = lineBreaks,
                HasHeader = false,
                OnMalformedRecord = record => malformed = record,
                Separator = ',',
                TrackLineNumbers = true,
            }
        );
        while (reader.Read())
        {
            var problem = malformed is null ? null : "The row has a quotation mark in the wrong place.";
            var fields = new string[reader.FieldCount];
            for (var i = 0; i < fields.Length; i++)
            {
                fields[i] = reader.GetString(i);
            }

            var line = (int)(firstLine + reader.LineNumber - 1);
            var isLong = lineBreaks && reader.RawRecord.Contains((byte)'\n');
            yield return new Record(line, fields, problem, isLong ? Encoding.UTF8.GetString(reader.RawRecord) : null);
            malformed = null;
        }
    }

    private static string? ProblemWithHeader(string[] names)
    {
        if (!names.Contains("username") || !names.Contains("email"))
        {
            return "The first line must name the columns, separated by commas; username and email must be among them.";
        }

        if (names.FirstOrDefault(name => !Columns.Contains(name)) is { } unknown)
        {
            return $"There is no column \"{unknown}\": the columns are {string.Join(", ", Columns)}.";
        }

        return names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? $"The column {twice.Key} is there twice."
            : null;
    }

    /// <param name="Line">Where it starts.</param>
    /// <param name="Problem">A sentence, when it is not CSV.</param>
    /// <param name="Raw">The text of a record of several lines.</param>
    private sealed record Record(int Line, string[] Fields, string? Problem, string? Raw);
}
