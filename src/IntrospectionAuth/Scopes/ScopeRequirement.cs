using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth;

/// <summary>The requirement that the caller's token has certain scopes (RFC 6749, section 3.3).</summary>
/// <remarks>
/// Scopes are compared ordinally and as whole tokens: <c>read</c> matches neither <c>Read</c> nor a part of <c>read:all</c>.
/// </remarks>
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
            throw new ArgumentException("Name at least one scope: a requirement without scopes would allow every caller.", nameof(scopes));
        RequiresAll = requiresAll;
    }

    /// <summary>Gets the scopes.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>Gets whether all of <see cref="Scopes"/> are required, rather than one of them.</summary>
    public bool RequiresAll { get; }

    /// <summary>Creates a requirement for all of the scopes.</summary>
    /// <param name="scopes">The scopes; one string may hold several, separated by spaces.</param>
    /// <returns>The requirement.</returns>
    /// <exception cref="ArgumentException">No scope is named.</exception>
    public static ScopeRequirement All(params IEnumerable<string> scopes) => new(scopes, requiresAll: true);

    /// <summary>Creates a requirement for at least one of the scopes.</summary>
    /// <param name="scopes">The scopes; one string may hold several, separated by spaces.</param>
    /// <returns>The requirement.</returns>
    /// <exception cref="ArgumentException">No scope is named.</exception>
    public static ScopeRequirement Any(params IEnumerable<string> scopes) => new(scopes, requiresAll: false);

    /// <summary>Describes the requirement for logs.</summary>
    /// <returns>The scopes.</returns>
    public override string ToString() => $"{nameof(ScopeRequirement)}: {(RequiresAll ? "all" : "any")} of {string.Join(' ', Scopes)}";

    internal static ScopeRequirement? Parse(string[] arguments) =>
        Array.TrueForAll(arguments, string.IsNullOrWhiteSpace) ? null : All(arguments);
}
