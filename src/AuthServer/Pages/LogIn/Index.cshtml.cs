using System.ComponentModel.DataAnnotations;
using System.Globalization;
using AuthServer.Accounts;
using AuthServer.Protocol.Authorize;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Pages.LogIn;

/// <summary>
/// The log-in page. It knows an app's request only as a sealed ticket, and hands the person back to the authorization
/// endpoint with it. Without a ticket it leads to <c>returnUrl</c>, a path here, or to the account page.
/// </summary>
[AnonymousForm]
internal sealed class IndexModel(
    AuthorizeTickets tickets,
    AppViews apps,
    PasswordLogIn passwords,
    RecentHints recent,
    CarriedText carried,
    Sessions sessions
) : PageModel
{
    /// <summary>A shorter wait is a message on the form: a page of its own would take longer to read.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(10);

    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>
    /// The person has to prove again who they are: a live session is not enough for what they are about to do.
    /// </summary>
    [BindProperty(SupportsGet = true)]
    public bool Again { get; set; }

    /// <summary>A username or address that the person has typed before, sealed.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Typed { get; set; }

    [BindProperty]
    [Display(
        Name = "Username or email address",
        Description = "Your username is often your surname and 4 numbers, like smith4821"
    )]
    [Required(ErrorMessage = "Enter your username or email address")]
    [UIHint("NhsText")]
    public string? Username { get; set; }

    [BindProperty]
    [Display(Name = "Password")]
    [Required(ErrorMessage = "Enter your password")]
    [UIHint("NhsPassword")]
    public string? Password { get; set; }

    [BindProperty]
    [Display(Name = "Remember my username on this device")]
    [UIHint("NhsCheckbox")]
    public bool RememberUsername { get; set; }

    /// <summary>The app that asked, when the ticket could be read and the app is still registered.</summary>
    public AppView? App { get; private set; }

    /// <summary>What is the matter with the ticket, if anything is.</summary>
    public TicketState State { get; private set; }

    /// <summary>Who is logged in in this browser already.</summary>
    public LiveSession? Session { get; private set; }

    /// <summary>
    /// The log-in in <see cref="Session"/> is newer than the app's request: the person has come back to this page.
    /// </summary>
    public bool SessionIsFresh { get; private set; }

    /// <summary>What may have gone wrong, after a refusal.</summary>
    public IReadOnlyList<LogInHint> Hints { get; private set; } = [];

    /// <summary>True when no hint names the slip, and help does not come first anyway.</summary>
    public bool GiveGeneralAdvice { get; private set; }

    /// <summary>True once five attempts have failed.</summary>
    public bool OfferHelpFirst { get; private set; }

    /// <summary>
    /// Set when nothing was checked, because there were too many attempts, and the wait is a long one.
    /// </summary>
    public LogInOutcome.Throttled? Throttled { get; private set; }

    /// <summary>True when what was typed was refused as a whole, not one field of it.</summary>
    public bool Refused { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var ticket = await ReadAsync(cancellationToken);
        if (Session is not null && string.IsNullOrEmpty(Ticket) && !Again)
        {
            return Redirect(LocalReturn());
        }

        var remembered = RememberedUsername.Read(Request);
        (Username, RememberUsername) = (
            carried.Open(Typed) ?? ticket?.LoginHint ?? (SessionIsFresh ? null : Session?.Username) ?? remembered,
            remembered is not null
        );
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        if (!ModelState.IsValid || Username is null || Password is null)
        {
            return Page();
        }

        switch (await passwords.TryAsync(Username, Password, HttpContext, cancellationToken))
        {
            case LogInOutcome.LoggedIn loggedIn:
                if (
                    await sessions.StartAsync(
                        HttpContext,
                        loggedIn.AccountId,
                        loggedIn.SecurityStamp,
                        loggedIn.Methods,
                        loggedIn.At,
                        cancellationToken
                    )
                    is null
                )
                {
                    // The password was changed in this very moment.
                    return Refuse(new LogInOutcome.Refused([], OfferHelpFirst: false));
                }

                Remember(Username);
                RecentHints.Clear(HttpContext);
                return this.SeeOther(NextAddress());
            case LogInOutcome.Throttled { RetryAfter: { } wait } when wait < ShortWait:
                ModelState.AddModelError(
                    "",
                    $"There have been too many attempts. Wait {Words.Duration(wait)}, then enter your password again"
                );
                OfferHelpFirst = true;
                RetryAfter(wait);
                return this.WithStatus(StatusCodes.Status429TooManyRequests);
            case LogInOutcome.Throttled throttled:
                Throttled = throttled;
                RetryAfter(throttled.RetryAfter);
                return this.WithStatus(StatusCodes.Status429TooManyRequests);
            case LogInOutcome.Busy busy:
                ModelState.AddModelError(
                    "",
                    "Many people are logging in at the moment. Wait a few seconds, then enter your password again"
                );
                RetryAfter(busy.RetryAfter);
                return this.WithStatus(StatusCodes.Status503ServiceUnavailable);
            case LogInOutcome.Refused refused:
                return Refuse(refused);
            default:
                throw new InvalidOperationException(
                    "There is a new way for a log-in to end, and this page does not know it."
                );
        }
    }

    /// <summary>This page again, with the journey and what was typed into its first field.</summary>
    public string TryAgainAddress =>
        Links.With(
            Links.LogIn,
            ("ticket", Ticket),
            ("returnUrl", ReturnUrl),
            ("again", Again ? "true" : null),
            ("typed", carried.Seal(Username))
        );

    /// <summary>The forgotten-details tool, which fills in what was typed here.</summary>
    public string ForgottenAddress =>
        Links.With(
            Links.ForgottenLogInDetails,
            ("ticket", Ticket),
            ("typed", carried.Seal(HttpMethods.IsPost(Request.Method) ? Username : null))
        );

    /// <summary>Where the person goes once logged in.</summary>
    public string NextAddress() =>
        State switch
        {
            TicketState.Good when Ticket is { } ticket => AuthorizeTickets.ReturnPath(ticket),
            // Where the app asks again, with a live session.
            TicketState.Expired when App?.WayBack is { } wayBack => wayBack.AbsoluteUri,
            // Which says why they are not in the app.
            TicketState.Expired when App is not null => Links.WithTicket(Links.Account, Ticket),
            _ => LocalReturn(),
        };

    private async Task<AuthorizeTicket?> ReadAsync(CancellationToken cancellationToken)
    {
        Session = await sessions.CurrentAsync(HttpContext);
        if (string.IsNullOrEmpty(Ticket))
        {
            return null;
        }

        PageHeaders.AllowFormToLeadToApp(Response);
        if (tickets.Open(Ticket) is not { } opened)
        {
            State = TicketState.Broken;
            return null;
        }

        State = opened.Expired ? TicketState.Expired : TicketState.Good;
        SessionIsFresh = Session is { } session && !opened.Ticket.CameWith(session);
        App = await apps.FindAsync(opened.Ticket.ClientId, cancellationToken);
        return opened.Ticket;
    }

    private PageResult Refuse(LogInOutcome.Refused refused)
    {
        (Refused, Hints, OfferHelpFirst) = (true, refused.Hints, refused.OfferHelpFirst);
        GiveGeneralAdvice = refused.NeedsGeneralAdvice && !refused.OfferHelpFirst;
        recent.Write(HttpContext, Hints);
        ModelState.AddModelError("", "Your username or password is incorrect");
        return Page();
    }

    private void Remember(string username)
    {
        if (RememberUsername)
        {
            RememberedUsername.Write(HttpContext, username);
        }
        else
        {
            RememberedUsername.Clear(HttpContext);
        }
    }

    // Encoded, because a header takes ASCII only and a path may have been typed with any letter in it.
    private string LocalReturn() =>
        Url.IsLocalUrl(ReturnUrl) && Uri.TryCreate(ReturnUrl, UriKind.Relative, out var path)
            ? UriHelper.Encode(path)
            : Links.Account;

    private void RetryAfter(TimeSpan? time)
    {
        if (time is { } wait)
        {
            Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
    }
}

/// <summary>What the ticket in the address turned out to be.</summary>
internal enum TicketState
{
    /// <summary>There is none.</summary>
    None,

    Good,

    /// <summary>It names the app, and can no longer be used.</summary>
    Expired,

    /// <summary>It was not sealed here, or was cut short on its way.</summary>
    Broken,
}
