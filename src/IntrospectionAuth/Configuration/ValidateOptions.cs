using IntrospectionAuth.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Configuration;

/// <summary>Validates the options at startup. Each fault names the scheme, what is wrong and how to fix it.</summary>
internal sealed class ValidateOptions(PlainHttpWarnings plainHttp, IServiceProviderIsService? registered = null)
    : IValidateOptions<OAuthIntrospectionOptions>
{
    /// <summary>How to fix plain http.</summary>
    public const string UseHttps =
        "Use https, or set RequireHttps to false where something else protects that network, a service mesh for example "
        + "(http on a loopback host is always accepted).";

    public ValidateOptionsResult Validate(string? name, OAuthIntrospectionOptions options)
    {
        string[] faults = [.. FindFaults(name ?? Options.DefaultName, options)];
        if (faults.Length > 0)
            return ValidateOptionsResult.Fail(faults.Select(fault => $"Scheme {name}: {fault}"));

        if (options.TenantKey is not null)
            return ValidateOptionsResult.Success;

        // Not in a hosted service: this covers startup, each reload, and the first use of a scheme that was added at run time.
        plainHttp.Note(name ?? Options.DefaultName, options);
        return ValidateOptionsResult.Success;
    }

    private IEnumerable<string> FindFaults(string scheme, OAuthIntrospectionOptions options) =>
        [
            .. options.ResolvesTenants ? TenantFaults.FindOfScheme(options) : FindFaultsOfServer(scheme, options),
            .. TenantFaults.Find(options),
            .. RegisteredTypeFaults.Find(options, registered),
            .. SharedCacheFaults.Find(options, registered?.IsService(typeof(ISharedCacheEngine)) == true),
        ];

    /// <summary>
    /// Finds faults in the options for one authorization server. Those of a scheme with tenants need not be complete, because those of each
    /// tenant are validated when it is resolved.
    /// </summary>
    private static IEnumerable<string> FindFaultsOfServer(string scheme, OAuthIntrospectionOptions options) =>
        [
            .. EndpointFaults.Find(scheme, options),
            .. ClientAuthenticationFaults.Find(options),
            .. ClientCredentialsFaults.Find(options),
            .. SignedResponseFaults.Find(options),
            .. IncompleteSettings.Find(options),
            .. EmptyValueFaults.Find(options),
            .. ValidationFaults.Find(options),
            .. TokenFaults.Find(options),
            .. ResourceFaults.Find(options),
        ];
}
