namespace IntrospectionAuth;

/// <summary>Fails a request that schemes forward to each other in a circle, which would otherwise end the process.</summary>
/// <remarks>
/// At startup <c>StartupChecks</c> finds most circles. It does not know what <c>ForwardDefaultSelector</c> chooses, the forwards of other
/// handlers, and those that a reload of the configuration changes.
/// </remarks>
internal static class ForwardCircle
{
    /// <summary>Far more than any application needs, and far less than would overflow the stack.</summary>
    private const int MaximumDepth = 32;

    // Each forward runs inside the one before, in a method that is async, so that the value is as before when it returns.
    private static readonly AsyncLocal<int> s_depth = new();

    /// <summary>Counts a forward. The caller is the async method that forwards, or is called by it directly.</summary>
    /// <returns>The target.</returns>
    /// <exception cref="InvalidOperationException">Too many forwards are nested.</exception>
    public static string Count(string scheme, string target)
    {
        if (++s_depth.Value <= MaximumDepth)
            return target;

        throw new InvalidOperationException(
            $"Schemes forward this request in a circle: scheme {scheme} forwards it to {target}, and it comes back. Change "
                + "ForwardDefaultSelector or another Forward… option of one of these schemes, so that it handles the request itself."
        );
    }
}
