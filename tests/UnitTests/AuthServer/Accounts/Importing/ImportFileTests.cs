using AuthServer.Accounts.Importing;

namespace UnitTests.AuthServer.Accounts.Importing;

public sealed class ImportFileTests
{
    [Fact]
    public void Rows_keep_the_line_they_start_on_and_what_they_say()
    {
        var rows = Read(
            "\uFEFFUsername, email ,formatted\r\nanna1234,anna@example.org,\"1 High Street\r\nLeeds\"\r\n\r\nlee1234,lee@example.org,\r\n"
        );

        Assert.Equal([2, 5], rows.Select(row => row.Line));
        Assert.Equal(["anna1234", "lee1234"], rows.Select(row => row.Username));
        Assert.Equal("1 High Street\r\nLeeds", rows[0].Values.Single().Value);
        Assert.All(rows, row => Assert.Null(row.Problem));
    }

    [Theory]
    [InlineData("", "The file is empty: its first line must name the columns.")]
    [InlineData(
        "username\n",
        "The first line must name the columns, separated by commas; username and email must be among them."
    )]
    [InlineData(
        "username;email\n",
        "The first line must name the columns, separated by commas; username and email must be among them."
    )]
    [InlineData("username,email,email\n", "The column email is there twice.")]
    public void A_file_without_its_columns_is_refused_as_a_whole(string text, string problem)
    {
        Assert.Equal(problem, ImportFile.Open(new StringReader(text)).Problem);
    }

    [Fact]
    public void An_unknown_column_is_named()
    {
        var problem = ImportFile.Open(new StringReader("username,email,shoe_size\n")).Problem;

        Assert.StartsWith(
            "There is no column \"shoe_size\": the columns are username, email,",
            problem,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("anna1234", "The row has 1 fields, and the header names 4 columns.")]
    [InlineData("anna1234,anna@example.org,,,", "The row has 5 fields, and the header names 4 columns.")]
    [InlineData("anna1234,an\"na@example.org,,", "The row has a quotation mark in the wrong place.")]
    [InlineData(",anna@example.org,,", "The username is empty.")]
    [InlineData("anna1234,,,", "The email address is empty.")]
    [InlineData("anna1234,anna,,", "The email address must be like name@example.com.")]
    [InlineData("anna1234,anna@example.org,maybe,", "The email_verified must be true or false.")]
    [InlineData("anna1234,anna@example.org,,tomorrow", "The birthdate must be YYYY-MM-DD, 0000-MM-DD or YYYY.")]
    public void A_bad_row_says_why_and_the_next_is_read(string row, string problem)
    {
        var rows = Read($"username,email,email_verified,birthdate\n{row}\nlee1234,lee@example.org,true,1980\n");

        Assert.Equal([(2, problem), (3, null)], rows.Select(r => (r.Line, r.Problem)));
    }

    [Theory]
    [InlineData("password,password_hash", "secret words here,AQAA", "Give a password or a password_hash, not both.")]
    [InlineData(
        "password,password_hash",
        ",AQAA",
        "The password_hash is not an ASP.NET Identity hash (version 2 or 3)."
    )]
    [InlineData("sub,updated_at", "17,", "The sub must be a UUID.")]
    [InlineData("sub,updated_at", ",yesterday", "The updated_at must be seconds since 1970 or a time in ISO 8601.")]
    [InlineData("preferred_username,name", "bea,", "The preferred_username is always the username.")]
    [InlineData(
        "previous_emails,name",
        "old@example.org;old,",
        "In previous_emails: The email address must be like name@example.com."
    )]
    [InlineData(
        "posts,name",
        "Leeds|Cardiology|ST4|2024-08-07|2025-08-05|Dr Lee|Dr Lo,",
        "In posts: a post has 7 parts; they are employer|specialty|grade|from|to|supervisor, with ; between posts."
    )]
    [InlineData("posts,name", "York;|Cardiology,", "In posts: a post lacks its employer.")]
    [InlineData("posts,name", "Leeds|||August 2024,", "In posts: the from day must be YYYY-MM-DD.")]
    [InlineData("posts,name", "Leeds|||2024-08-07|2024-08-06,", "In posts: a post ends before it begins.")]
    [InlineData("posts,name", "Leeds|Card\u0007iology,", "In posts: the specialty has a control character in it.")]
    [InlineData(
        "supervisors,name",
        "bea1234;b/a,",
        "In supervisors: A username cannot have the character / (U+002F) in it: use letters, digits, and . _ - + @ '."
    )]
    [InlineData("supervisors,name", "bea1234;ANNA1234,", "In supervisors: nobody supervises themselves.")]
    public void Columns_with_rules_of_their_own_are_checked(string columns, string values, string problem)
    {
        var row = Assert.Single(Read($"username,email,{columns}\nanna1234,anna@example.org,{values}\n"));

        Assert.Equal(problem, row.Problem);
    }

    [Fact]
    public void A_quotation_mark_that_is_never_closed_spoils_its_own_row_only()
    {
        var rows = Read(
            "username,email\n\"anna1234,anna@example.org\nlee1234,lee@example.org\nbea1234,bea@example.org\n"
        );

        Assert.Equal([(2, ""), (3, "lee1234"), (4, "bea1234")], rows.Select(row => (row.Line, row.Username)));
        Assert.Equal("The row has a quotation mark in the wrong place.", rows[0].Problem);
        Assert.Null(rows[1].Problem);
        Assert.Null(rows[2].Problem);
    }

    private static List<ImportRow> Read(string text)
    {
        var (rows, problem) = ImportFile.Open(new StringReader(text));
        Assert.Null(problem);
        return [.. rows];
    }
}
