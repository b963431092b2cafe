namespace IntrospectionAuth.Tests.Support;

/// <summary>Waits for what happens behind a request's back: as often as needed, without a clock.</summary>
internal static class Poll
{
    private const int MostRounds = 200_000;

    public static async Task UntilAsync(Func<bool> condition)
    {
        for (int round = 0; !condition(); round++)
        {
            Assert.True(round < MostRounds, "What was waited for has not happened.");
            await Task.Yield();
        }
    }
}
