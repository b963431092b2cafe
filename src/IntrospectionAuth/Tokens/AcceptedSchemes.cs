using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tokens;

/// <summary>The schemes whose tokens a policy accepts, including those that a selector forwards to.</summary>
internal sealed class AcceptedSchemes
{
    private readonly List<string> _names;
    private readonly bool _includesAny;

    private AcceptedSchemes(List<string> names, bool includesAny)
    {
        _names = names;
        _includesAny = includesAny;
    }

    /// <summary>Whether tokens of the scheme may be accepted.</summary>
    public bool Include(string scheme) => _includesAny || _names.Contains(scheme, StringComparer.Ordinal);

    /// <summary>Finds the schemes that the policy names, or else the default scheme.</summary>
    public static async Task<AcceptedSchemes> OfAsync(AuthorizationPolicy policy, IServiceProvider services)
    {
        var provider = services.GetRequiredService<IAuthenticationSchemeProvider>();
        var selectors = services.GetRequiredService<IOptionsMonitor<BearerSelectorOptions>>();
        List<string> names = [.. policy.AuthenticationSchemes];
        if (names.Count == 0 && await provider.GetDefaultAuthenticateSchemeAsync() is { } byDefault)
            names.Add(byDefault.Name);

        bool includesAny = false;
        for (int i = 0; i < names.Count; i++)
        {
            Type? handler = (await provider.GetSchemeAsync(names[i]))?.HandlerType;
            if (handler == typeof(BearerSelectorHandler))
                names.AddRange(selectors.Get(names[i]).Schemes); // A selector never selects another one.

            // Which schemes it forwards to depends on the request.
            includesAny |= handler?.IsAssignableTo(typeof(PolicySchemeHandler)) == true;
        }

        return new AcceptedSchemes(names, includesAny);
    }
}
