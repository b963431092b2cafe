namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>The library and the second reading disagree, or the library takes too much time or memory.</summary>
internal sealed class Finding(string message) : Exception(message)
{
    /// <summary>Both readings must be the same.</summary>
    public static void Unless(bool isSame, string what)
    {
        if (!isSame)
            throw new Finding(what);
    }

    public static void UnlessEqual<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new Finding($"{what}: the oracle has {expected}, the library has {actual}");
    }
}
