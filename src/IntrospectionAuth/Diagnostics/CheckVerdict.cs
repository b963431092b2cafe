namespace IntrospectionAuth.Diagnostics;

/// <summary>What a <see cref="Check"/> came to.</summary>
internal enum CheckVerdict
{
    Passed,

    /// <summary>The check that led to the decision.</summary>
    Failed,

    /// <summary>An earlier check failed. What would have been found is stated where it is known.</summary>
    NotReached,

    /// <summary>The options or the token ask for no such check.</summary>
    NotApplicable,
}
