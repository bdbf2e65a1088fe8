namespace Recovery.Cases;

/// <summary>Where the person whose case it is finds its pages. The staff's are under <c>/support</c>.</summary>
public static class CasePaths
{
    /// <summary>Says what a case is and begins one: where help and forgotten details lead to.</summary>
    public const string Start = "/support-case";

    /// <summary>What is known of a case once it is open; a token follows.</summary>
    public const string Status = "/support-case/status";

    /// <summary>Goes on with a form that was left; a token follows.</summary>
    public const string Resume = "/support-case/resume";

    /// <summary>Proves the new address and opens the case; a token follows.</summary>
    public const string Confirm = "/support-case/confirm";

    /// <summary>Answers what staff asked; a token follows.</summary>
    public const string Answer = "/support-case/answer";

    /// <summary>Stops a case during its waiting time, from any address held; a token follows.</summary>
    public const string Stop = "/support-case/stop";
}

/// <summary>The pages of the form, which go by the browser's cookie instead of a token.</summary>
internal static class FormPaths
{
    public const string Email = "/support-case/email";
    public const string Tasks = "/support-case/form";
    public const string Name = "/support-case/name";
    public const string Username = "/support-case/username";
    public const string EarlierEmails = "/support-case/earlier-email-addresses";
    public const string Numbers = "/support-case/registration-numbers";
    public const string LastPost = "/support-case/last-post";
    public const string Trainees = "/support-case/people-you-supervised";
    public const string More = "/support-case/anything-else";
    public const string Check = "/support-case/check-your-answers";
    public const string CheckEmail = "/support-case/check-your-email";
    public const string Saved = "/support-case/saved";
}
