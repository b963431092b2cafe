using System.Diagnostics.CodeAnalysis;
using IntrospectionAuth.Authorization;
using IntrospectionAuth.Policies;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.StartupChecks;

/// <summary>Reads what an application has registered and mapped, once it has started.</summary>
internal sealed class ApplicationReader(IServiceProvider services)
{
    private readonly IAuthenticationSchemeProvider _schemes = services.GetRequiredService<IAuthenticationSchemeProvider>();
    private readonly IAuthorizationPolicyProvider _policies = services.GetRequiredService<IAuthorizationPolicyProvider>();
    private readonly Dictionary<string, bool> _knownPolicies = new(StringComparer.Ordinal);

    public async Task<ApplicationFacts> ReadAsync()
    {
        AuthenticationScheme[] schemes = [.. (await _schemes.GetAllSchemesAsync()).OrderBy(static it => it.Name, StringComparer.Ordinal)];
        Dictionary<string, OAuthIntrospectionOptions> introspection = ReadOptions<OAuthIntrospectionOptions>(
            schemes.Where(static scheme => scheme.IntrospectsTokens())
        );
        Dictionary<string, PolicySchemeOptions> policySchemes = ReadOptions<PolicySchemeOptions>(
            schemes.Where(static scheme => scheme.HandlerType == typeof(PolicySchemeHandler))
        );
        return new ApplicationFacts
        {
            Endpoints = await ReadEndpointsAsync(),
            Schemes = schemes,
            IntrospectionSchemes = introspection,
            ForwardingSchemes = introspection
                .Select(static it => KeyValuePair.Create<string, AuthenticationSchemeOptions>(it.Key, it.Value))
                .Concat(policySchemes.Select(static it => KeyValuePair.Create<string, AuthenticationSchemeOptions>(it.Key, it.Value)))
                .ToDictionary(StringComparer.Ordinal),
            Selectors = ReadOptions<BearerSelectorOptions>(
                schemes.Where(static scheme => scheme.HandlerType == typeof(BearerSelectorHandler))
            ),
            Authentication = services.GetRequiredService<IOptions<AuthenticationOptions>>().Value,
            HasDefaultScheme = await _schemes.GetDefaultAuthenticateSchemeAsync() is not null,
            HasOwnPolicies = _policies is RequirementPolicyProvider,
            ArePoliciesFinal =
                _policies is RequirementPolicyProvider { IsAroundDefault: true }
                && !services.GetRequiredService<IOptions<RouteOptions>>().Value.SuppressCheckForUnhandledSecurityMetadata,
        };
    }

    private Dictionary<string, TOptions> ReadOptions<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions
    >(IEnumerable<AuthenticationScheme> schemes)
        where TOptions : class
    {
        var options = services.GetRequiredService<IOptionsMonitor<TOptions>>();
        return schemes.ToDictionary(static scheme => scheme.Name, scheme => options.Get(scheme.Name), StringComparer.Ordinal);
    }

    private async Task<List<InspectedEndpoint>> ReadEndpointsAsync()
    {
        var inspected = new List<InspectedEndpoint>();
        foreach (Endpoint endpoint in services.GetService<EndpointDataSource>()?.Endpoints ?? [])
        {
            List<string> unknown = await FindUnknownPoliciesAsync(endpoint.Metadata);
            AuthorizationPolicy? policy = unknown.Count > 0 ? null : await EndpointPolicyReader.CombineAsync(endpoint.Metadata, _policies);
            inspected.Add(
                new InspectedEndpoint(endpoint)
                {
                    UnknownPolicies = unknown,
                    Policy = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null ? policy : null,
                    AuthenticationSchemes = policy?.AuthenticationSchemes ?? [],
                }
            );
        }

        return inspected;
    }

    private async Task<List<string>> FindUnknownPoliciesAsync(EndpointMetadataCollection metadata)
    {
        var unknown = new List<string>();
        foreach (IAuthorizeData data in metadata.GetOrderedMetadata<IAuthorizeData>())
        {
            if (!string.IsNullOrWhiteSpace(data.Policy) && !await IsKnownAsync(data.Policy))
                unknown.Add(data.Policy);
        }

        return unknown;
    }

    private async Task<bool> IsKnownAsync(string policy)
    {
        if (!_knownPolicies.TryGetValue(policy, out bool isKnown))
            _knownPolicies[policy] = isKnown = await FindPolicyAsync(policy) is not null;
        return isKnown;
    }

    private Task<AuthorizationPolicy?> FindPolicyAsync(string policy) =>
        _policies is RequirementPolicyProvider own ? own.FindPolicyAsync(policy) : _policies.GetPolicyAsync(policy);
}
