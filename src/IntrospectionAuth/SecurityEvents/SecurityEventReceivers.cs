using IntrospectionAuth.Http;
using IntrospectionAuth.PushedRevocation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.SecurityEvents;

/// <summary>Creates receivers at startup, when their options are complete and their scheme exists.</summary>
internal static class SecurityEventReceivers
{
    /// <param name="source">The receiver's name in logs and metrics.</param>
    /// <param name="options">Its options.</param>
    /// <param name="services">The application's services.</param>
    /// <param name="caller">The public method that a fault names.</param>
    /// <exception cref="InvalidOperationException">An option is missing or invalid, or the scheme is not registered.</exception>
    public static SecurityEventReceiver Create(string source, SecurityEventOptions options, IServiceProvider services, string caller)
    {
        string scheme = services.FindIntrospectionScheme(options.AuthenticationScheme, caller);
        var schemes = services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>();
        if (FindFault(options, scheme, schemes.Get(scheme)) is { } fault)
            throw new InvalidOperationException($"{caller}: {fault}");

        return new SecurityEventReceiver(
            source,
            scheme,
            options,
            services.GetRequiredService<PushedTokenVerifier>(),
            services.GetRequiredService<PushedEvents>(),
            schemes
        );
    }

    private static string? FindFault(SecurityEventOptions options, string name, OAuthIntrospectionOptions scheme)
    {
        if (options.Audiences.Count == 0)
            return "Audiences is empty. Add the aud by which the transmitter names this API.";
        if (options.Audiences.Any(string.IsNullOrWhiteSpace))
            return "Audiences has an empty value.";
        if (options.Issuer is null && scheme.Authority is null)
            return $"Issuer is not set, and the scheme {name} has no Authority. Set Issuer and KeysUrl.";
        if (options.KeysUrl is null && (scheme.Authority is null || (options.Issuer ?? scheme.Authority) != scheme.Authority))
        {
            return $"Issuer is not the Authority of the scheme {name}. " + "Set KeysUrl to the jwks_uri of the transmitter's metadata.";
        }

        return options.KeysUrl is { } url && ServerUrl.FindFault(url, scheme.RequireHttps) is not null
            ? "KeysUrl is not an absolute https URL."
            : null;
    }
}
