using IntrospectionAuth;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Certificates;
using IntrospectionAuth.Challenge;
using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.ClientCredentials;
using IntrospectionAuth.Configuration;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.DiagnosticsPage;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.FreshTokens;
using IntrospectionAuth.Http;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Policies;
using IntrospectionAuth.PushedRevocation;
using IntrospectionAuth.Removals;
using IntrospectionAuth.Resilience;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Scopes;
using IntrospectionAuth.Server;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.StartupChecks;
using IntrospectionAuth.StepUp;
using IntrospectionAuth.Telemetry;
using IntrospectionAuth.TenantResolution;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that add authentication by OAuth 2.0 token introspection (RFC 7662).</summary>
public static class OAuthIntrospectionExtensions
{
    /// <summary>Adds the scheme <see cref="OAuthIntrospectionDefaults.AuthenticationScheme"/>, set by configuration alone.</summary>
    /// <param name="builder">The authentication builder.</param>
    /// <returns>The authentication builder.</returns>
    public static AuthenticationBuilder AddOAuthIntrospection(this AuthenticationBuilder builder) =>
        builder.AddOAuthIntrospection(OAuthIntrospectionDefaults.AuthenticationScheme, static _ => { });

    /// <summary>Adds a scheme, set by configuration alone.</summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <returns>The authentication builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="authenticationScheme"/> is null or empty.</exception>
    public static AuthenticationBuilder AddOAuthIntrospection(this AuthenticationBuilder builder, string authenticationScheme) =>
        builder.AddOAuthIntrospection(authenticationScheme, static _ => { });

    /// <summary>Adds the scheme <see cref="OAuthIntrospectionDefaults.AuthenticationScheme"/>.</summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="configureOptions">Sets the options, after configuration has.</param>
    /// <returns>The authentication builder.</returns>
    public static AuthenticationBuilder AddOAuthIntrospection(
        this AuthenticationBuilder builder,
        Action<OAuthIntrospectionOptions> configureOptions
    ) => builder.AddOAuthIntrospection(OAuthIntrospectionDefaults.AuthenticationScheme, configureOptions);

    /// <summary>Adds a scheme.</summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <param name="configureOptions">Sets the options, after configuration has.</param>
    /// <returns>The authentication builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="authenticationScheme"/> is null or empty.</exception>
    public static AuthenticationBuilder AddOAuthIntrospection(
        this AuthenticationBuilder builder,
        string authenticationScheme,
        Action<OAuthIntrospectionOptions> configureOptions
    ) => builder.AddOAuthIntrospection(authenticationScheme, displayName: null, configureOptions);

    /// <summary>Adds a scheme.</summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <param name="displayName">The display name of the scheme.</param>
    /// <param name="configureOptions">Sets the options, after configuration has.</param>
    /// <returns>The authentication builder.</returns>
    /// <remarks>
    /// This also makes the policies named <c>scope:…</c> available. A policy provider or authorization result handler of your own stays in
    /// use if it is registered before this call.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="authenticationScheme"/> is null or empty.</exception>
    public static AuthenticationBuilder AddOAuthIntrospection(
        this AuthenticationBuilder builder,
        string authenticationScheme,
        string? displayName,
        Action<OAuthIntrospectionOptions> configureOptions
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(authenticationScheme);
        ArgumentNullException.ThrowIfNull(configureOptions);

        AddIntrospection(builder.Services);
        AddAuthorization(builder.Services);

        builder.Services.AddSingleton<IOptionsChangeTokenSource<OAuthIntrospectionOptions>>(services =>
            ActivatorUtilities.CreateInstance<ConfigurationReload>(services, authenticationScheme)
        );
        builder.Services.AddOptions<OAuthIntrospectionOptions>(authenticationScheme).ValidateOnStart();

        return builder.AddScheme<OAuthIntrospectionOptions, OAuthIntrospectionHandler>(authenticationScheme, displayName, configureOptions);
    }

    /// <summary>Adds the services that introspect tokens, without a scheme.</summary>
    internal static void AddIntrospection(IServiceCollection services)
    {
        services.TryAddSingleton<LateReloads>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<OAuthIntrospectionOptions>, ConfigureFromConfiguration>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OAuthIntrospectionOptions>, ValidateOptions>());
        AddHttpClients(services);
        services.AddMetrics();
        services.AddDataProtection(); // for nonces; AddAuthentication() adds it too
        services.TryAddSingleton<PlainHttpWarnings>();
        services.TryAddSingleton<RareMessages>();
        services.TryAddSingleton<DPoPNonces>();
        services.TryAddSingleton(static _ => new UsedProofs(UsedProofs.DefaultCapacity));
        services.TryAddSingleton<DPoPVerifier>();
        services.TryAddSingleton<IntrospectionMetrics>();
        services.TryAddSingleton<IntrospectionActivities>();
        services.TryAddSingleton<KeyFiles>();
        services.TryAddSingleton<RequestSender>();
        services.TryAddSingleton<ServerFetch>();
        services.TryAddSingleton<KeySetClient>();
        services.TryAddSingleton<KeySets>();
        services.TryAddSingleton<SignedResponseReader>();
        services.TryAddSingleton<ResponseMessageReader>();
        services.TryAddSingleton<ResponseAdapter>();
        services.TryAddSingleton<ClientCertificates>();
        services.TryAddSingleton<ApplicationCode>();
        services.TryAddSingleton<ClientAuthenticator>();
        services.TryAddSingleton<EventRaiser>();
        services.TryAddSingleton<ExchangeRecorder>();
        services.TryAddSingleton<IntrospectionClient>();
        services.TryAddSingleton<MetadataClient>();
        services.TryAddSingleton<ServerDiscovery>();
        services.TryAddSingleton<TokenEndpointClient>();
        services.TryAddSingleton<ClientTokens>();
        services.TryAddSingleton<CacheKeyBuilder>();
        services.TryAddSingleton<SchemeServers>();
        services.TryAddSingleton<ServerIntrospector>();
        services.TryAddSingleton<IntrospectionCache>();
        services.TryAddSingleton<InFlightCalls>();
        services.TryAddSingleton<CallRunner>();
        services.TryAddSingleton<RemovableMembers>();
        services.TryAddSingleton<EntryRemover>();
        services.TryAddSingleton<FleetMetrics>();
        services.TryAddSingleton(static services => new Fleets(
            services.GetRequiredService<RemovableMembers>(),
            services.GetRequiredService<FleetMetrics>(),
            services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<Fleets>>(),
            services.GetService<ISharedCacheEngine>(),
            registered: services.GetService<IAuthenticationSchemeProvider> // later: one of the application may use the cache
        ));
        services.TryAddSingleton<FleetKeys>();
        services.TryAddSingleton<FleetCalls>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, FleetStart>());
        services.TryAddSingleton<BackgroundRefresh>();
        services.TryAddSingleton<CachingIntrospector>();
        services.TryAddSingleton<DecisionLog>();
        services.TryAddSingleton<TokenFingerprints>();
        services.TryAddSingleton(static services => new DecisionRecorder(
            services.GetRequiredService<DecisionLog>(),
            services.GetRequiredService<TokenFingerprints>(),
            services.GetRequiredService<RareMessages>(),
            services.GetService<IHostEnvironment>()
        ));
        TenantRegistration.Add(services);
        services.TryAddSingleton<SchemesWriter>();
        services.TryAddSingleton<CacheWriter>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, PageStart>());
        services.TryAddSingleton<PushedTokenKeys>();
        services.TryAddSingleton<PushedTokenVerifier>();
        services.TryAddSingleton<RepeatedRemovals>();
        services.TryAddSingleton(TimeProvider.System); // AddAuthentication() adds it too
        services.TryAddSingleton<PushedEvents>();
        services.TryAddSingleton<RevocableEntries>();
        services.TryAddSingleton(static services => new OAuthIntrospectionCache(services.GetRequiredService<RevocableEntries>()));
        services.TryAddSingleton(static services => new OAuthIntrospector(
            services.GetRequiredService<HandlerServices>(),
            services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>(),
            services.GetRequiredService<IAuthenticationSchemeProvider>(),
            services.GetRequiredService<IServiceScopeFactory>(),
            services.GetRequiredService<ILogger<OAuthIntrospector>>()
        ));
    }

    private static void AddAuthorization(IServiceCollection services)
    {
        services.AddAuthorizationCore();
        services.AddAuthorizationPolicyEvaluator();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, ScopeAuthorizationHandler>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, FreshTokenAuthorizationHandler>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, StepUpAuthorizationHandler>());
        services.TryAddSingleton<UnknownPolicies>();
        services.TryAddSingleton<MiddlewareOrder>();
        services.DecorateOrDerive<IPolicyEvaluator, PolicyEvaluator, RecordingPolicyEvaluator, RecordingPolicyEvaluatorDecorator>(
            static inner => new RecordingPolicyEvaluatorDecorator(inner)
        );
        services.Decorate<IAuthorizationPolicyProvider, DefaultAuthorizationPolicyProvider, RequirementPolicyProvider>(
            static (services, inner) => new RequirementPolicyProvider(inner, services.GetRequiredService<UnknownPolicies>()),
            static services => new DefaultAuthorizationPolicyProvider(services.GetRequiredService<IOptions<AuthorizationOptions>>())
        );
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StartupInspection>());
        services.Decorate<IAuthorizationMiddlewareResultHandler, AuthorizationMiddlewareResultHandler, ChallengeResultHandler>(
            static (_, inner) => new ChallengeResultHandler(inner),
            static _ => new AuthorizationMiddlewareResultHandler()
        );
    }

    private static void AddHttpClients(IServiceCollection services)
    {
        services.AddHttpClient();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<HttpClientFactoryOptions>, SchemeHttpClients>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<HttpClientFactoryOptions>, SchemeHttpClients>());

        // The first filter is the outermost one, so its changes are made last.
        if (!services.Any(static service => !service.IsKeyedService && service.ImplementationType == typeof(SchemeHandlers)))
            services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, SchemeHandlers>());
    }
}
