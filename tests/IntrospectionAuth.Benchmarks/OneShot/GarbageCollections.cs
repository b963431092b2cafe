namespace IntrospectionAuth.Benchmarks.OneShot;

/// <summary>How long the garbage collector stops the application, in nanoseconds.</summary>
internal sealed class GarbageCollections
{
    private long _seen = GC.GetGCMemoryInfo(GCKind.Ephemeral).Index;

    /// <summary>The pauses of the collections of young objects, as far as <see cref="Look"/> has seen them.</summary>
    public List<double> Young { get; } = [];

    /// <summary>Looks whether there was a collection of young objects since the last time.</summary>
    public void Look()
    {
        GCMemoryInfo latest = GC.GetGCMemoryInfo(GCKind.Ephemeral);
        if (latest.Index == _seen)
            return;
        _seen = latest.Index;
        Young.Add(Longest(latest));
    }

    /// <returns>The longest pause of a collection of all objects that runs in the background, the usual one.</returns>
    public static async Task<double> CollectInBackgroundAsync()
    {
        long seen = GC.GetGCMemoryInfo(GCKind.Background).Index;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        var patience = TimeProvider.System.GetUtcNow().AddMinutes(1);
        while (GC.GetGCMemoryInfo(GCKind.Background).Index == seen)
        {
            if (TimeProvider.System.GetUtcNow() > patience)
                throw new InvalidOperationException("The collection did not end within a minute.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        return Longest(GC.GetGCMemoryInfo(GCKind.Background));
    }

    /// <returns>The pause of a collection of all objects that stops the application until it ends.</returns>
    public static double CollectBlocking()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        return Longest(GC.GetGCMemoryInfo(GCKind.FullBlocking));
    }

    private static double Longest(GCMemoryInfo collection)
    {
        double longest = 0;
        foreach (TimeSpan pause in collection.PauseDurations)
            longest = Math.Max(longest, pause.TotalNanoseconds);
        return longest;
    }
}
