using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.StepUp;

/// <summary>The requirement that the user has authenticated in one of some ways (RFC 9470, section 3: <c>acr_values</c>).</summary>
internal sealed class AcrRequirement : IAuthorizationRequirement
{
    /// <summary>Initializes the requirement.</summary>
    /// <param name="values">The values, the preferred one first; one string may hold several, separated by spaces.</param>
    /// <exception cref="ArgumentException">No value is named.</exception>
    public AcrRequirement(IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);

        Values =
        [
            .. values
                .SelectMany(static value => (value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Distinct(StringComparer.Ordinal),
        ];
        if (Values.Count == 0)
            throw new ArgumentException("No value is named: a requirement without one could not be met.", nameof(values));
    }

    /// <summary>Gets the values, the preferred one first.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>Describes the requirement for logs.</summary>
    /// <returns>The values.</returns>
    public override string ToString() => $"{nameof(AcrRequirement)}: one of {string.Join(' ', Values)}";
}
