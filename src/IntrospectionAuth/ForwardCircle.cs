namespace IntrospectionAuth;

/// <summary>Ends a request that schemes forward to each other without end, which would otherwise end the process.</summary>
/// <remarks>
/// At startup <c>StartupChecks</c> finds most circles. It does not know what <c>ForwardDefaultSelector</c> chooses, the forwards of other
/// handlers, and those that a reload of the configuration changes.
/// </remarks>
internal static class ForwardCircle
{
    /// <summary>No application has so many schemes that forward one after the other, and the stack has place for many more.</summary>
    private const int LongestWay = 32;

    // Each forward runs inside the one before, in a method that is async, so that the value is as before when it returns.
    private static readonly AsyncLocal<int> s_length = new();

    /// <summary>Counts a forward. The caller is the async method that forwards, or is called by it directly.</summary>
    /// <returns>The target.</returns>
    /// <exception cref="InvalidOperationException">There were too many within each other.</exception>
    public static string Count(string scheme, string target)
    {
        if (++s_length.Value <= LongestWay)
            return target;

        throw new InvalidOperationException(
            $"Schemes forward this request in a circle: scheme {scheme} forwards it to {target}, and it comes back. Change "
                + "ForwardDefaultSelector or another Forward… option of one of these schemes, so that it handles the request itself."
        );
    }
}
