namespace IntrospectionAuth.Challenge;

/// <summary>How and when a user must have authenticated (RFC 9470, section 3).</summary>
internal sealed class RequiredAuthentication
{
    /// <summary>The accepted values of <c>acr</c>, separated by spaces, the preferred one first.</summary>
    public string? AcrValues { get; init; }

    public TimeSpan? MaxAge { get; init; }
}
