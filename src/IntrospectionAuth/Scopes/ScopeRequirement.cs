using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth;

/// <summary>The requirement that the caller's token has scopes (RFC 6749, section 3.3).</summary>
/// <remarks>Scopes are compared as whole tokens, ordinally: <c>read</c> is neither <c>Read</c> nor part of <c>read:all</c>.</remarks>
public sealed class ScopeRequirement : IAuthorizationRequirement
{
    private ScopeRequirement(IEnumerable<string> scopes, bool requiresAll)
    {
        ArgumentNullException.ThrowIfNull(scopes);

        Scopes =
        [
            .. scopes
                .SelectMany(static scope => (scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Distinct(StringComparer.Ordinal),
        ];
        if (Scopes.Count == 0)
            throw new ArgumentException("No scope is named: a requirement without one would let everybody in.", nameof(scopes));
        RequiresAll = requiresAll;
    }

    /// <summary>Gets the scopes.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>Gets whether all of <see cref="Scopes"/> are needed, and not just one of them.</summary>
    public bool RequiresAll { get; }

    /// <summary>Creates the requirement that all the scopes are there.</summary>
    /// <param name="scopes">The scopes; one string may hold several, separated by spaces.</param>
    /// <returns>The requirement.</returns>
    /// <exception cref="ArgumentException">No scope is named.</exception>
    public static ScopeRequirement All(params IEnumerable<string> scopes) => new(scopes, requiresAll: true);

    /// <summary>Creates the requirement that at least one of the scopes is there.</summary>
    /// <param name="scopes">The scopes; one string may hold several, separated by spaces.</param>
    /// <returns>The requirement.</returns>
    /// <exception cref="ArgumentException">No scope is named.</exception>
    public static ScopeRequirement Any(params IEnumerable<string> scopes) => new(scopes, requiresAll: false);

    /// <summary>Describes the requirement for logs.</summary>
    /// <returns>The scopes.</returns>
    public override string ToString() => $"{nameof(ScopeRequirement)}: {(RequiresAll ? "all" : "any")} of {string.Join(' ', Scopes)}";
}
