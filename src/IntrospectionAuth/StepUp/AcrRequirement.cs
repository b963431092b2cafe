using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.StepUp;

/// <summary>The requirement that the user authenticated with one of several methods (RFC 9470, section 3: <c>acr_values</c>).</summary>
internal sealed class AcrRequirement : IAuthorizationRequirement
{
    public AcrRequirement(IEnumerable<string> acrValues)
    {
        ArgumentNullException.ThrowIfNull(acrValues);

        Values =
        [
            .. acrValues
                .SelectMany(static value => (value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Distinct(StringComparer.Ordinal),
        ];
        if (Values.Count == 0)
            throw new ArgumentException("Name at least one value: no token could meet a requirement without values.", nameof(acrValues));
    }

    /// <summary>The accepted values, the preferred one first.</summary>
    public IReadOnlyList<string> Values { get; }

    public static AcrRequirement? Parse(string[] arguments) =>
        Array.TrueForAll(arguments, string.IsNullOrWhiteSpace) ? null : new AcrRequirement(arguments);

    public override string ToString() => $"{nameof(AcrRequirement)}: one of {string.Join(' ', Values)}";
}
