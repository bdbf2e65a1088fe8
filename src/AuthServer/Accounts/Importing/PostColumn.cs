using System.Globalization;

namespace AuthServer.Accounts.Importing;

/// <summary>
/// The column <c>posts</c>: <c>employer|specialty|grade|from|to|supervisor</c>, with <c>;</c> between several posts.
/// Days are YYYY-MM-DD; all but the employer may be blank, and blank parts at the end left out.
/// </summary>
internal static class PostColumn
{
    public const string Name = "posts";

    private const int MostPosts = 100;

    private static readonly string[] Parts = ["employer", "specialty", "grade", "from", "to", "supervisor"];

    /// <returns>The posts, or what is wrong with the first that is, as a sentence.</returns>
    public static (IReadOnlyList<PostFacts> Posts, string? Problem) Read(string text)
    {
        var posts = new List<PostFacts>();
        foreach (var post in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = [.. post.Split('|', StringSplitOptions.TrimEntries)];
            if (Problem(parts) is { } problem)
            {
                return ([], $"In posts: {problem}.");
            }

            string? Part(int i) => i < parts.Length && parts[i].Length > 0 ? parts[i] : null;
            posts.Add(new PostFacts(parts[0], Part(1), Part(2), Day(Part(3)), Day(Part(4)), Part(5)));
        }

        return posts.Count > MostPosts
            ? ([], $"In posts: there are {posts.Count}, and {MostPosts} is the most.")
            : ([.. posts.Distinct()], null);
    }

    private static string? Problem(string[] parts)
    {
        if (parts.Length > Parts.Length)
        {
            return $"a post has {parts.Length} parts; they are {string.Join('|', Parts)}, with ; between posts";
        }

        if (parts[0].Length == 0)
        {
            return "a post lacks its employer";
        }

        for (var i = 0; i < parts.Length; i++)
        {
            if (ClaimRules.Text(parts[i]) is { } wrong)
            {
                return $"the {Parts[i]} {wrong}";
            }

            if (i is 3 or 4 && parts[i].Length > 0 && Day(parts[i]) is null)
            {
                return $"the {Parts[i]} day must be YYYY-MM-DD";
            }
        }

        return parts.Length > 4 && Day(parts[3]) > Day(parts[4]) ? "a post ends before it begins" : null;
    }

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;
}
