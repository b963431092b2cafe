namespace IntrospectionAuth;

/// <summary>Defaults of the bearer selector.</summary>
public static class BearerSelectorDefaults
{
    /// <summary>The name of the scheme when none is given.</summary>
    public const string AuthenticationScheme = "BearerSelector";
}
