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
