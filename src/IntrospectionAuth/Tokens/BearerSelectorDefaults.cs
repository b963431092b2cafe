namespace IntrospectionAuth;

/// <summary>Default values of the bearer selector.</summary>
public static class BearerSelectorDefaults
{
    /// <summary>The default name of the scheme: <c>BearerSelector</c>.</summary>
    public const string AuthenticationScheme = "BearerSelector";
}
