using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tokens;

/// <summary>Validates a selector at startup: its schemes must be registered and must not be selectors.</summary>
internal sealed class ValidateBearerSelector(IOptions<AuthenticationOptions> authentication) : IValidateOptions<BearerSelectorOptions>
{
    public ValidateOptionsResult Validate(string? name, BearerSelectorOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (string fault in FindFaults(options))
        {
            result.AddError($"Selector {name}: {fault}");
        }

        return result.Build();
    }

    private string RegisteredSchemes => string.Join(", ", authentication.Value.SchemeMap.Keys.Order(StringComparer.Ordinal));

    private IEnumerable<string> FindFaults(BearerSelectorOptions options)
    {
        if (string.IsNullOrEmpty(options.DefaultScheme))
            yield return "DefaultScheme is not set. Set it to the scheme for requests that match no rule.";
        if (options.Rules.Count == 0)
        {
            yield return "There are no rules, so every request goes to DefaultScheme. Add rules, for example with ForwardPrefix, or use "
                + "that scheme directly.";
        }

        foreach (string scheme in options.Schemes)
        {
            if (!authentication.Value.SchemeMap.TryGetValue(scheme, out AuthenticationSchemeBuilder? builder))
                yield return $"Scheme {scheme} is not registered. The registered schemes are: {RegisteredSchemes}.";
            else if (builder.HandlerType == typeof(BearerSelectorHandler))
                yield return $"Scheme {scheme} is a selector. Name the schemes that it chooses from instead.";
        }
    }
}
