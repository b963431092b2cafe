namespace IntrospectionAuth.Benchmarks.OneShot;

/// <summary>The managed heap after garbage collection.</summary>
internal static class Heap
{
    public static long Measure()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
