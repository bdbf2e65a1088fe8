using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Recovery.Cases;
using Recovery.Ports;

namespace UnitTests.Recovery.Cases.Matching;

/// <summary>One thing that a person says: right, right in another spelling, or wrong.</summary>
/// <param name="Field">Facts with the same field exclude each other, where there is one answer only.</param>
/// <param name="Public">Anybody can look it up.</param>
internal sealed record Statement(
    string Field,
    bool Right,
    bool Public,
    string Value,
    Func<CaseEvidence, string, CaseEvidence> Say
)
{
    /// <summary>A person can say several of these.</summary>
    public bool IsOneOfSeveral => Field is "email" or "trainee";

    public override string ToString() => $"{(Right ? "right" : "wrong")} {Field} '{Value}'";
}

/// <summary>An account, what somebody says, and one thing more that they might say.</summary>
internal sealed record Story(
    HeldRecord Held,
    IReadOnlyList<Statement> Said,
    IReadOnlyList<Statement> MoreRight,
    IReadOnlyList<Statement> MoreWrong
)
{
    public static CaseEvidence Evidence(IEnumerable<Statement> statements) =>
        statements.Aggregate(new CaseEvidence(), (evidence, statement) => statement.Say(evidence, statement.Value));
}

/// <summary>Makes accounts, and what people say about them.</summary>
internal static class Statements
{
    private static readonly string[] Given = ["Siobhán", "Aoife", "Jean Alex", "Chidi", "Mary-Ann", "Łukasz"];
    private static readonly string[] Family = ["O'Brien", "Fairweather", "Okafor-Jones", "de Souza", "Müller", "Ng"];
    private static readonly string[] People =
    [
        "Dr Nadia Patel",
        "Samuel Leighton",
        "Ana Kovač",
        "Bjørn Halvorsen",
        "Wei Zhang",
        "Thandiwe Mbeki",
    ];
    private static readonly string[] Employers =
    [
        "Royal Infirmary of Elgin",
        "St Mary's Hospital",
        "Leeds Teaching Hospitals NHS Trust",
        "Ysbyty Gwynedd",
    ];
    private static readonly string[] Specialties = ["Cardiology", "Geriatric medicine", "Obstetrics and gynaecology"];
    private static readonly string[] Grades = ["ST4", "CT2", "Foundation year 1"];

    /// <summary>Fits nothing above, and is no slip of anything.</summary>
    private static readonly string[] Wrong = ["Qwqwqwqwq", "Xyxyxyxyxyxy", "Zvzvzvzvzvzvzvz"];

    private static readonly string[] WrongDates = ["March 1991", "1987", "04/1979"];

    public static Arbitrary<Story> Stories { get; } = MakeStories().ToArbitrary();

    /// <summary>The same value as people type it: other quotes, other case, spaces in numbers.</summary>
    public static Gen<string> Spelled(string field, string value) =>
        field switch
        {
            "email" or "username" => Gen.Elements(
                value,
                value.ToUpperInvariant(),
                $" {value}\u00A0",
                value.Replace('\'', '\u2019')
            ),
            "gmc" or "nmc" or "ntn" or "college" => Gen.Elements(
                value,
                value.ToLowerInvariant(),
                string.Join(' ', value.Chunk(2).Select(two => new string(two))),
                value.Replace("/", " / ", StringComparison.Ordinal)
            ),
            "from" or "to" => Gen.Elements(
                value,
                Day(value).ToString("MM/yyyy", CultureInfo.InvariantCulture),
                Day(value).ToString("d MMMM yyyy", CultureInfo.InvariantCulture),
                Day(value).ToString("MMM yyyy", CultureInfo.InvariantCulture)
            ),
            "employer" or "specialty" or "grade" => Gen.Elements(
                value,
                value.ToUpperInvariant(),
                value.Replace(" ", "  ", StringComparison.Ordinal)
            ),
            _ => Gen.Elements(
                value,
                value.ToUpperInvariant(),
                value.Replace('\'', '\u2019'),
                value.Replace('\'', '\u02BC'),
                value.Replace("'", "", StringComparison.Ordinal),
                value.Replace('-', ' '),
                $" {value} "
            ),
        };

    private static Gen<Story> MakeStories() =>
        from held in MakeHeld()
        from spelled in Gen.CollectToList(
            Right(held),
            statement => Spelled(statement.Field, statement.Value).Select(value => statement with { Value = value })
        )
        from shuffled in Gen.Shuffle(spelled.Concat(WrongOnes()).ToArray())
        from number in Gen.Choose(0, 12)
        let said = shuffled.Take(number).Aggregate(new List<Statement>(), AddWhereFree)
        let rest = shuffled.Skip(number).Where(statement => IsFree(said, statement)).ToList()
        select new Story(held, said, [.. rest.Where(more => more.Right)], [.. rest.Where(more => !more.Right)]);

    private static List<Statement> AddWhereFree(List<Statement> said, Statement statement)
    {
        if (IsFree(said, statement))
        {
            said.Add(statement);
        }

        return said;
    }

    private static bool IsFree(List<Statement> said, Statement statement) =>
        statement.IsOneOfSeveral || said.All(other => other.Field != statement.Field);

    private static Gen<HeldRecord> MakeHeld() =>
        from given in Maybe(Given)
        from family in Maybe(Family)
        from emails in Gen.SubListOf(
            "a.o'brien@royal.example",
            "aoife1@college.example",
            "third@trust.example",
            "aob@private.example"
        )
        from gmc in Maybe("7654321", "7000001")
        from nmc in Maybe("12A3456E", "99Z0001B")
        from ntn in Maybe("LDN/001/123/N", "SCO/007/7654321/C")
        from college in Maybe("RCP 123456", "000987")
        from posts in Gen.ListOf(MakePost(), 2)
        from numberOfPosts in Gen.Choose(0, 2)
        from supervisors in Gen.SubListOf(People)
        from trainees in Gen.SubListOf(People)
        from whole in Gen.Elements(true, false, false)
        select new HeldRecord
        {
            Account = new AccountReference(Guid.Empty, "o'brien4821", "", null, null, false, true, StaffKind.None),
            GivenName = whole ? null : given,
            FamilyName = whole ? null : family,
            FullName = whole ? $"{given ?? "Robin"} {family ?? "Hartigan"}" : null,
            Emails = [.. emails],
            GmcNumber = gmc,
            NmcNumber = nmc,
            Ntn = ntn,
            CollegeNumber = college,
            Posts = [.. posts.Take(numberOfPosts)],
            Supervisors = [.. supervisors],
            Trainees = [.. trainees],
        };

    private static Gen<HeldPost> MakePost() =>
        from employer in Gen.Elements(Employers)
        from specialty in Maybe(Specialties)
        from grade in Maybe(Grades)
        from first in Gen.Choose(0, 60)
        from hasFrom in Gen.Elements(true, true, false)
        from to in Gen.Choose(0, 60)
        from hasTo in Gen.Elements(true, true, false)
        from supervisor in Maybe(People)
        select new HeldPost(
            employer,
            specialty,
            grade,
            hasFrom ? new DateOnly(2015, 8, 1).AddMonths(first) : null,
            hasTo ? new DateOnly(2016, 8, 1).AddMonths(to) : null,
            supervisor
        );

    private static List<Statement> Right(HeldRecord held)
    {
        var right = new List<Statement>
        {
            new("username", true, false, held.Account.Username, (e, v) => e with { Username = v }),
        };
        Add("given", true, held.GivenName ?? held.FullName?.Split(' ')[0], (e, v) => e with { GivenName = v });
        Add("family", true, held.FamilyName ?? held.FullName?.Split(' ')[^1], (e, v) => e with { FamilyName = v });
        Add("gmc", true, held.GmcNumber, (e, v) => e with { GmcNumber = v });
        Add("nmc", true, held.NmcNumber, (e, v) => e with { NmcNumber = v });
        Add("ntn", true, held.Ntn, (e, v) => e with { Ntn = v });
        Add("college", false, held.CollegeNumber, (e, v) => e with { CollegeNumber = v });
        right.AddRange(held.Emails.Select(email => new Statement("email", true, false, email, AddEmail)));
        right.AddRange(held.Trainees.Select(name => new Statement("trainee", true, false, name, AddTrainee)));
        foreach (var post in held.Posts)
        {
            Add("employer", false, post.Employer, Post((p, v) => p with { Employer = v }));
            Add("specialty", false, post.Specialty, Post((p, v) => p with { Specialty = v }));
            Add("grade", false, post.Grade, Post((p, v) => p with { Grade = v }));
            Add(
                "from",
                false,
                post.From?.ToString("MMMM yyyy", CultureInfo.InvariantCulture),
                Post((p, v) => p with { From = v })
            );
            Add(
                "to",
                false,
                post.To?.ToString("MMMM yyyy", CultureInfo.InvariantCulture),
                Post((p, v) => p with { To = v })
            );
            Add("supervisor", false, post.Supervisor, Post((p, v) => p with { Supervisor = v }));
        }

        right.AddRange(
            held.Supervisors.Select(name => new Statement(
                "supervisor",
                true,
                false,
                name,
                Post((p, v) => p with { Supervisor = v })
            ))
        );
        return right;

        void Add(string field, bool isPublic, string? value, Func<CaseEvidence, string, CaseEvidence> say)
        {
            if (value is not null)
            {
                right.Add(new Statement(field, true, isPublic, value, say));
            }
        }
    }

    private static IEnumerable<Statement> WrongOnes()
    {
        foreach (var text in Wrong)
        {
            yield return new("given", false, true, text, (e, v) => e with { GivenName = v });
            yield return new("family", false, true, text, (e, v) => e with { FamilyName = v });
            yield return new("username", false, false, text + "99", (e, v) => e with { Username = v });
            yield return new("gmc", false, true, text, (e, v) => e with { GmcNumber = v });
            yield return new("nmc", false, true, text, (e, v) => e with { NmcNumber = v });
            yield return new("ntn", false, true, text, (e, v) => e with { Ntn = v });
            yield return new("college", false, false, text, (e, v) => e with { CollegeNumber = v });
            yield return new("email", false, false, text + "@nowhere.example.net", AddEmail);
            yield return new("trainee", false, false, text + " Jjjjjjjjj", AddTrainee);
            yield return new("employer", false, false, text, Post((p, v) => p with { Employer = v }));
            yield return new("specialty", false, false, text, Post((p, v) => p with { Specialty = v }));
            yield return new("grade", false, false, text, Post((p, v) => p with { Grade = v }));
            yield return new(
                "supervisor",
                false,
                false,
                text + " Jjjjjjjjj",
                Post((p, v) => p with { Supervisor = v })
            );
        }

        foreach (var date in WrongDates)
        {
            yield return new("from", false, false, date, Post((p, v) => p with { From = v }));
            yield return new("to", false, false, date, Post((p, v) => p with { To = v }));
        }
    }

    private static Func<CaseEvidence, string, CaseEvidence> Post(Func<StatedPost, string, StatedPost> say) =>
        (evidence, value) => evidence with { LastPost = say(evidence.LastPost ?? new StatedPost(), value) };

    private static CaseEvidence AddEmail(CaseEvidence evidence, string email) =>
        evidence with
        {
            EarlierEmails = [.. evidence.EarlierEmails, email],
        };

    private static CaseEvidence AddTrainee(CaseEvidence evidence, string name) =>
        evidence with
        {
            SupervisedTrainees = [.. evidence.SupervisedTrainees, name],
        };

    private static Gen<string?> Maybe(params string[] values) => Gen.Elements(values.Append(null).ToArray());

    private static DateOnly Day(string month) => DateOnly.ParseExact(month, "MMMM yyyy", CultureInfo.InvariantCulture);
}
