namespace AuthServer.Pages;

/// <summary>Finds the address at which a person begins the page again whose form could not be taken.</summary>
internal static class Journey
{
    /// <summary>Only what a journey consists of is taken over, never a field that was filled in.</summary>
    private static readonly string[] Parameters = ["ticket", "returnUrl", "user_code", "typed", "by"];

    /// <param name="path">The page's path, as it was asked for.</param>
    /// <param name="asked">The query that it was asked for with.</param>
    public static string PathOf(HttpRequest request, PathString path, IQueryCollection asked)
    {
        var form = ReadableForm(request);
        var query = new QueryString();
        foreach (var name in Parameters)
        {
            var value = asked[name].ToString() is { Length: > 0 } inAddress ? inAddress : form[name].ToString();
            if (value.Length > 0)
            {
                query = query.Add(name, value);
            }
        }

        return path + query.ToUriComponent();
    }

    // A form that breaks off has no antiforgery token that could be read, and so ends here.
    private static IFormCollection ReadableForm(HttpRequest request)
    {
        try
        {
            return request.HasFormContentType ? request.Form : FormCollection.Empty;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return FormCollection.Empty;
        }
    }
}
