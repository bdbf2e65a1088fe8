using AuthServer.Accounts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Recovery;

namespace AuthServer.Pages.Help;

/// <summary>One point of the help page.</summary>
/// <param name="Id">Its place on the page.</param>
internal sealed record HelpPoint(string Id, string Heading);

/// <summary>Help with logging in. After a failed log-in it says which of its points to look at first.</summary>
internal sealed class UnableToLogInModel(RecentHints recent, IOptions<RecoveryOptions> recovery) : PageModel
{
    public static readonly HelpPoint NotSure = new("not-sure", "You are not sure of your details");
    public static readonly HelpPoint Username = new("username", "Your username");
    public static readonly HelpPoint Capitals = new("capitals", "Capital letters in your password");
    public static readonly HelpPoint Keyboards = new("keyboards", "Apostrophes, quotes, dashes and full stops");
    public static readonly HelpPoint OtherCountries = new("other-keyboards", "Keyboards from other countries");
    public static readonly HelpPoint Spaces = new("spaces", "Spaces");
    public static readonly HelpPoint TooMany = new("too-many-attempts", "Too many attempts");
    public static readonly HelpPoint NoMail = new("no-email", "Our email has not come");
    public static readonly HelpPoint DeadLink = new("link", "The link in our email does not work");
    public static readonly HelpPoint OtherAddress = new("email-address", "We do not know your email address");

    /// <summary>In the order of the page.</summary>
    public static IReadOnlyList<HelpPoint> Points { get; } =
    [NotSure, Username, Capitals, Keyboards, OtherCountries, Spaces, TooMany, NoMail, DeadLink, OtherAddress];

    /// <summary>The journey the person is on, handed on from link to link.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    /// <summary>What the last failed log-in in this browser suggested.</summary>
    public IReadOnlyList<LogInHint> Hints { get; private set; } = [];

    public TimeSpan LinkLifetime => recovery.Value.ResetLinkLifetime;

    public void OnGet() => Hints = recent.Read(Request);

    public bool MattersNow(HelpPoint point) => Hints.Any(hint => PointOf(hint) == point);

    /// <summary>Where a hint is explained.</summary>
    public static HelpPoint PointOf(LogInHint hint) =>
        hint switch
        {
            LogInHint.CapitalFirstLetter or LogInHint.CapsLock or LogInHint.CapitalAtEachWord => Capitals,
            LogInHint.CharactersOnOtherKeys => OtherCountries,
            LogInHint.FullStopAtEnd => Keyboards,
            LogInHint.SpacesAroundPassword or LogInHint.SpacesTogether => Spaces,
            LogInHint.UsernameLacksDigits
            or LogInHint.EmailAddressIncomplete
            or LogInHint.UsernameAsPassword
            or LogInHint.AddressMayBeShared
            or LogInHint.AddressDomainMisspelt
            or LogInHint.UsernameInAddress
            or LogInHint.UsernameUnlikeMost
            or LogInHint.LettersForAccent => Username,
            LogInHint.TypedTwice or LogInHint.PasswordShort => NotSure,
            _ => throw new InvalidOperationException($"No point of the help page explains the hint {hint}."),
        };
}
