using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tokens;

/// <summary>Says at startup what cannot work in a selector: a scheme that nobody knows, or one that would only choose again.</summary>
internal sealed class ValidateBearerSelector(IOptions<AuthenticationOptions> authentication) : IValidateOptions<BearerSelectorOptions>
{
    public ValidateOptionsResult Validate(string? name, BearerSelectorOptions options)
    {
        List<string> faults = [.. FindFaults(options)];
        return faults.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(faults.Select(fault => $"Selector {name}: {fault}"));
    }

    private IEnumerable<string> FindFaults(BearerSelectorOptions options)
    {
        if (string.IsNullOrEmpty(options.DefaultScheme))
            yield return "DefaultScheme is not set. Set it to the scheme that judges, and challenges, whatever no rule matches.";
        if (options.Rules.Count == 0)
            yield return "There is no rule, so that DefaultScheme would judge everything. Add rules, as with ForwardPrefix, or use that scheme itself.";

        foreach (string scheme in options.Schemes)
        {
            if (!authentication.Value.SchemeMap.TryGetValue(scheme, out AuthenticationSchemeBuilder? builder))
                yield return $"Scheme {scheme} is not registered. Those are: {string.Join(", ", authentication.Value.SchemeMap.Keys.Order(StringComparer.Ordinal))}.";
            else if (builder.HandlerType == typeof(BearerSelectorHandler))
                yield return $"Scheme {scheme} is a selector. Name the schemes that it chooses from instead.";
        }
    }
}
