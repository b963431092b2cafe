using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Providers;
using IntrospectionAuth.Responses;
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

    private static readonly string[] s_reservedParameters =
    [
        "token",
        "token_type_hint",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
    ];

    public ValidateOptionsResult Validate(string? name, OAuthIntrospectionOptions options)
    {
        // The options of a scheme with tenants need not be complete. Those of each tenant are validated when it is resolved.
        IEnumerable<string> own = options.ResolvesTenants ? [] : FindFaults(name ?? Options.DefaultName, options);
        List<string> faults =
        [
            .. own,
            .. TenantFaults.Find(options),
            .. SharedCacheFaults.Find(options, registered?.IsService(typeof(ISharedCacheEngine)) == true),
        ];
        if (faults.Count > 0)
            return ValidateOptionsResult.Fail(faults.Select(fault => $"Scheme {name}: {fault}"));

        if (options.TenantKey is not null)
            return ValidateOptionsResult.Success;

        // Not in a hosted service: this covers startup, each reload, and the first use of a scheme that was added at run time.
        plainHttp.Note(name ?? Options.DefaultName, options);
        return ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> FindFaults(string scheme, OAuthIntrospectionOptions options)
    {
        if (FindEndpointFault(scheme, options) is { } endpointFault)
            yield return endpointFault;

        foreach (string fault in SignedResponseFaults.Find(options))
            yield return fault;

        foreach (string fault in options.ClientAuthenticationMethod.Validate(options))
            yield return fault;

        if (
            !options.ClientAuthenticationMethod.PresentsCertificate(options)
            && (
                options.ClientCertificate is not null
                || !string.IsNullOrEmpty(options.CertificatePath)
                || !string.IsNullOrEmpty(options.CertificateKeyPath)
            )
        )
        {
            string setting = options.ClientAuthenticationMethod.NeedsClientToken
                ? "ClientCredentials.AuthenticationMethod"
                : nameof(options.ClientAuthenticationMethod);
            yield return $"A client certificate is set, but the client authentication method {options.ClientAuthenticationMethod} never "
                + "shows it. Remove CertificatePath (or ClientCertificate), "
                + $"or set {setting} to tls_client_auth or self_signed_tls_client_auth.";
        }

        if (
            !options.ClientAuthenticationMethod.SignsWithKey(options)
            && (options.SigningKey is not null || !string.IsNullOrEmpty(options.SigningKeyPath))
        )
        {
            yield return "SigningKeyPath (or SigningKey) is set, but the client authentication method "
                + $"{options.ClientAuthenticationMethod} never signs with it. Remove it, or choose private_key_jwt.";
        }

        foreach (string fault in IncompleteSettings.Find(options))
            yield return fault;

        foreach (string parameter in options.IntrospectionParameters.Keys.Intersect(s_reservedParameters, StringComparer.Ordinal))
            yield return $"IntrospectionParameters has {parameter}, which the handler sets itself. Remove it.";

        (string Name, IEnumerable<string> Values)[] lists =
        [
            (nameof(options.Audiences), options.Audiences),
            (nameof(options.ValidIssuers), options.ValidIssuers),
            (nameof(options.AcceptedTokenUses), options.AcceptedTokenUses),
            ("TokenFilter.Prefixes", options.TokenFilter.Prefixes),
            ("TokenRetrieval.QueryPaths", options.TokenRetrieval.QueryPaths),
            (nameof(options.RequiredClaims), options.RequiredClaims),
            (nameof(options.ClaimMappings), options.ClaimMappings.Keys),
        ];
        foreach ((string list, IEnumerable<string> values) in lists)
        {
            if (values.Any(string.IsNullOrWhiteSpace))
                yield return $"{list} has an empty value. Remove it, or write the value that is meant.";
        }

        foreach (
            string path in options
                .ClaimMappings.Where(static mapping => string.IsNullOrWhiteSpace(mapping.Value))
                .Select(static mapping => mapping.Key)
        )
        {
            yield return $"ClaimMappings has an empty value: {path}. Remove it, or write the claim type that is meant.";
        }

        if (options.IntrospectionParameters.Keys.Any(string.IsNullOrWhiteSpace))
            yield return "IntrospectionParameters has an empty name. Remove it, or write the parameter that is meant.";
        foreach (int status in options.InactiveStatusCodes.Distinct().Where(static status => !InactiveStatus.CanBeMeant(status)))
        {
            yield return $"InactiveStatusCodes has {status}, which does not report an unknown token: "
                + $"{InactiveStatus.Describe(status)}. Remove it. Possible values are 400, 401, 403, 404, 410 and 422.";
        }

        foreach (string use in options.AcceptedTokenUses.Where(static use => !string.IsNullOrWhiteSpace(use)))
        {
            if (TokenKindReader.Read(MemberNames.TokenUse, use) is TokenKind.Refresh)
                yield return "AcceptedTokenUses has a value that means a refresh token. Remove it, or set AcceptRefreshTokens.";
            else if (TokenKindReader.Read(MemberNames.TokenUse, use) is TokenKind.Other)
                yield return "AcceptedTokenUses has a value that never means an access token, such as one for ID tokens. Remove it.";
        }

        foreach (string fault in TokenFaults.Find(options))
            yield return fault;

        foreach (string fault in ClientCredentialsFaults.Find(options))
            yield return fault;

        foreach (string fault in ResourceFaults.Find(options))
            yield return fault;

        if (options.DPoP.Algorithms.Except(OAuthIntrospectionDPoPOptions.KnownAlgorithms, StringComparer.Ordinal).Any())
        {
            yield return "DPoP.Algorithms has a value that is not an algorithm for proofs. "
                + $"Use {string.Join(", ", OAuthIntrospectionDPoPOptions.KnownAlgorithms)}, or remove it to accept them all.";
        }

        if (options.RequireDPoP && !options.TokenRetrieval.IsHeaderOnly)
        {
            yield return "RequireDPoP is on, but TokenRetrieval takes tokens from a form or query, which carry no proof. "
                + "Remove TokenRetrieval.FormBody and TokenRetrieval.QueryPaths, or RequireDPoP.";
        }

        if (options.EventsType is { } eventsType && !eventsType.IsAssignableTo(typeof(OAuthIntrospectionEvents)))
            yield return $"EventsType is {eventsType.Name}, which does not derive from OAuthIntrospectionEvents.";
    }

    private static string? FindEndpointFault(string scheme, OAuthIntrospectionOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.IntrospectionEndpoint))
        {
            return string.IsNullOrWhiteSpace(options.Authority)
                ? "IntrospectionEndpoint is not set. Set it, or use a provider: "
                    + $"{string.Join(", ", ProviderPreset.Names.Select(static name => "Use" + name))} "
                    + "(in configuration: Provider), or set Authority to the server's issuer, from which it is discovered. "
                    + $"In configuration, the settings of this scheme belong to Authentication:Schemes:{scheme}."
                : Describe(nameof(options.Authority), ServerUrl.FindIssuerFault(options.Authority, options.RequireHttps));
        }

        // A preset builds the endpoint from Authority. Then Authority is the setting to fix.
        string setting =
            !string.IsNullOrEmpty(options.Authority)
            && options.IntrospectionEndpoint.StartsWith(options.Authority, StringComparison.Ordinal)
                ? nameof(options.Authority)
                : nameof(options.IntrospectionEndpoint);
        if (Describe(setting, ServerUrl.FindFault(options.IntrospectionEndpoint, options.RequireHttps)) is { } fault)
            return fault;

        return string.IsNullOrEmpty(options.Authority)
            ? null
            : Describe(nameof(options.Authority), ServerUrl.FindIssuerFault(options.Authority, options.RequireHttps));
    }

    private static string? Describe(string setting, UrlFault? fault) =>
        fault switch
        {
            UrlFault.NotAbsolute => $"{setting} is not an absolute https URL. Write it whole: https://server.example.com.",
            UrlFault.PlainHttp => $"{setting} is plain http, which exposes tokens and secrets to the network. {UseHttps}",
            UrlFault.UserInfoOrFragment =>
                $"{setting} has user information or a fragment. Remove it; credentials belong in ClientId and ClientSecret.",
            UrlFault.Query => $"{setting} has a query, which an issuer cannot have. Remove it, or set IntrospectionEndpoint.",
            _ => null,
        };
}
