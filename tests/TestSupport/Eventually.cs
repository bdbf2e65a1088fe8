using Xunit;

namespace TestSupport;

/// <summary>For what happens by itself, a moment later.</summary>
public static class Eventually
{
    /// <summary>Longer than anything honest takes on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks until the answer is yes, and fails the test when it never is.</summary>
    /// <param name="why">What to show then.</param>
    public static async Task BecomesTrueAsync(Func<Task<bool>> condition, Func<string?> why)
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, why());
            await Task.Delay(50);
        }
    }

    public static Task BecomesTrueAsync(Func<bool> condition, Func<string?> why) =>
        BecomesTrueAsync(() => Task.FromResult(condition()), why);
}
