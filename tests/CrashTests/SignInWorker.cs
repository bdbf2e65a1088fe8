namespace CrashTests;

/// <summary>One sign-in to the app, as far as the app knows.</summary>
internal sealed class SignIn(Code code)
{
    public Code Code { get; } = code;

    public string? AccessToken { get; set; }

    public string? RefreshToken { get; set; }

    /// <summary>Refresh tokens that were replaced, the newest last.</summary>
    public List<string> Spent { get; } = [];

    public Standing Standing { get; set; } = Standing.Issued;
}

internal enum Standing
{
    /// <summary>The code has not been sent yet.</summary>
    Issued,

    /// <summary>The code was sent, and no answer came.</summary>
    RedemptionUnanswered,

    /// <summary>Tokens were received.</summary>
    Alive,

    /// <summary>The refresh token was sent, and no answer came.</summary>
    RefreshUnanswered,

    /// <summary>Sent to be revoked, and no answer came.</summary>
    EndUnanswered,

    /// <summary>Refused once, or revoked: never again.</summary>
    Dead,
}

/// <summary>
/// A person and an app that sign in, refresh, revoke and replay without pause, until the server is gone.
/// </summary>
internal sealed class SignInWorker(AppUser user, Random random)
{
    /// <summary>
    /// Sign-ins looked at after each kill: the newest, which the kill may have hit, and as many of the older ones.
    /// </summary>
    private const int Sample = 12;

    private readonly List<SignIn> _ledger = [];

    public int Acknowledged { get; private set; }

    /// <summary>Works until the server stops answering.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await StepAsync();
            }
        }
        catch (HttpRequestException)
        {
            // Killed. What was under way keeps the standing "unanswered".
        }
    }

    /// <summary>After the next start: a sample of what is known, held against what the server does.</summary>
    public async Task CheckAsync()
    {
        foreach (var signIn in Sampled())
        {
            await CheckAsync(signIn);
        }
    }

    /// <summary>All of it, at the end.</summary>
    public async Task CheckAllAsync()
    {
        foreach (var signIn in _ledger)
        {
            await CheckAsync(signIn);
        }
    }

    private async Task StepAsync()
    {
        var draw = random.Next(100);
        if (draw < 25 || _ledger.Count == 0)
        {
            _ledger.Add(new SignIn(await user.AuthorizeAsync()));
        }
        else if (draw < 55 && Find(Standing.Issued) is { } issued)
        {
            await RedeemAsync(issued);
        }
        else if (draw < 90 && Find(Standing.Alive) is { } alive)
        {
            await RefreshAsync(alive);
        }
        else if (draw < 95 && Find(Standing.Alive) is { } unwanted)
        {
            unwanted.Standing = Standing.EndUnanswered;
            Assert.True((await user.RevokeAsync(unwanted.RefreshToken!)).IsOk);
            Acknowledge(unwanted, Standing.Dead);
        }
        else if (Find(Standing.Alive) is { } copied)
        {
            copied.Standing = Standing.EndUnanswered;
            Refused(await user.RedeemAsync(copied.Code), "a code that was redeemed");
            Acknowledge(copied, Standing.Dead);
        }
    }

    private async Task RedeemAsync(SignIn signIn)
    {
        signIn.Standing = Standing.RedemptionUnanswered;
        var answer = await user.RedeemAsync(signIn.Code);
        Assert.True(answer.IsOk, $"A code that nobody had sent was refused: {answer}");
        Keep(signIn, answer);
    }

    private async Task RefreshAsync(SignIn signIn)
    {
        signIn.Standing = Standing.RefreshUnanswered;
        var answer = await user.RefreshAsync(signIn.RefreshToken!);
        Assert.True(answer.IsOk, $"The current refresh token was refused: {answer}");
        Keep(signIn, answer);
    }

    private async Task CheckAsync(SignIn signIn)
    {
        switch (signIn.Standing)
        {
            case Standing.Issued:
                break; // redeemed in the next load, which fails when it does not work
            case Standing.RedemptionUnanswered:
                await TryOnceMoreAsync(signIn, () => user.RedeemAsync(signIn.Code));
                break;
            case Standing.RefreshUnanswered:
                await TryOnceMoreAsync(signIn, () => user.RefreshAsync(signIn.RefreshToken!));
                break;
            case Standing.EndUnanswered:
                await EndAsync(signIn);
                break;
            case Standing.Alive when signIn.Spent.Count > 0 && random.Next(4) == 0:
                Assert.True(
                    await user.IsAliveAsync(signIn.AccessToken!),
                    "An acknowledged grant or rotation was lost."
                );
                Refused(
                    await user.RefreshAsync(signIn.Spent[random.Next(signIn.Spent.Count)]),
                    "a spent refresh token"
                );
                await EndAsync(signIn);
                break;
            case Standing.Alive:
                Assert.True(await user.IsAliveAsync(signIn.AccessToken!), "An acknowledged grant was lost.");
                await RefreshAsync(signIn);
                break;
            case Standing.Dead:
                await CheckDeadAsync(signIn);
                break;
        }
    }

    /// <summary>It was done before the kill or it was not; but it is not done twice.</summary>
    private async Task TryOnceMoreAsync(SignIn signIn, Func<Task<Answer>> act)
    {
        var answer = await act();
        if (answer.IsOk)
        {
            Keep(signIn, answer);
        }
        else
        {
            Refused(answer, "what got no answer");
            signIn.Standing = Standing.Dead;
            await CheckDeadAsync(signIn);
        }
    }

    /// <summary>Redeems its code again, whatever has become of it: after this nothing of it works.</summary>
    private async Task EndAsync(SignIn signIn)
    {
        Refused(await user.RedeemAsync(signIn.Code), "a code that was redeemed");
        signIn.Standing = Standing.Dead;
        await CheckDeadAsync(signIn);
    }

    private async Task CheckDeadAsync(SignIn signIn)
    {
        Refused(await user.RedeemAsync(signIn.Code), "a refused code");
        if (signIn.AccessToken is not null)
        {
            Assert.False(
                await user.IsAliveAsync(signIn.AccessToken),
                "An access token works though its grant was revoked."
            );
        }

        if (signIn.RefreshToken is not null)
        {
            Refused(await user.RefreshAsync(signIn.RefreshToken), "a refresh token of a revoked grant");
        }
    }

    private void Keep(SignIn signIn, Answer answer)
    {
        if (signIn.RefreshToken is { } spent)
        {
            signIn.Spent.Add(spent);
        }

        (signIn.AccessToken, signIn.RefreshToken) = (answer.Text("access_token"), answer.Text("refresh_token"));
        Acknowledge(signIn, Standing.Alive);
    }

    private void Acknowledge(SignIn signIn, Standing standing)
    {
        signIn.Standing = standing;
        Acknowledged++;
    }

    private static void Refused(Answer answer, string what) =>
        Assert.True(answer.IsRefusal, $"The server took {what}: {answer}");

    private SignIn? Find(Standing standing)
    {
        var found = _ledger.FindAll(signIn => signIn.Standing == standing);
        return found.Count == 0 ? null : found[random.Next(found.Count)];
    }

    private List<SignIn> Sampled()
    {
        var unanswered = _ledger.Where(s =>
            s.Standing is Standing.RedemptionUnanswered or Standing.RefreshUnanswered or Standing.EndUnanswered
        );
        var newest = _ledger.TakeLast(Sample);
        var older = Enumerable
            .Range(0, _ledger.Count == 0 ? 0 : Sample)
            .Select(_ => _ledger[random.Next(_ledger.Count)]);
        return [.. unanswered.Concat(newest).Concat(older).Distinct()];
    }
}
