namespace IntrospectionAuth.Diagnostics;

/// <summary>One check of a decision: what was expected, what was found, and the verdict.</summary>
/// <remarks>
/// Its texts may be logged. They name audiences, issuers, token types, scopes and times, with control characters escaped, and never a
/// token, a secret, or the value of another claim.
/// </remarks>
internal sealed class Check
{
    /// <summary>The term of this field: <c>exp</c>, <c>audience</c>, <c>required claim org_id</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the check expects, as a phrase: <c>one of api://orders</c>.</summary>
    public required string Expected { get; init; }

    /// <summary>What was found, as a phrase; empty when it is not known.</summary>
    public required string Found { get; init; }

    public required CheckVerdict Verdict { get; init; }

    /// <summary>The failure that a failed check leads to; null for other verdicts, and for the requirements of a policy.</summary>
    public OAuthIntrospectionFailure? Failure { get; init; }

    /// <summary>The check as a part of a sentence: <c>audience: expected one of api://orders; found api://billing</c>.</summary>
    public override string ToString() => Found.Length == 0 ? $"{Name}: expected {Expected}" : $"{Name}: expected {Expected}; found {Found}";
}
