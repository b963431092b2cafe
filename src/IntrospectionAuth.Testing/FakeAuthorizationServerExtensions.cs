using IntrospectionAuth;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Testing.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that connect an application under test to a <see cref="FakeAuthorizationServer"/>.</summary>
public static class FakeAuthorizationServerExtensions
{
    /// <summary>Sends a scheme's calls to a fake authorization server instead of the real one.</summary>
    /// <param name="services">
    /// The services of the application under test, for example in <c>ConfigureTestServices</c> of a <c>WebApplicationFactory</c>.
    /// </param>
    /// <param name="server">The server, which must outlive the application.</param>
    /// <param name="scheme">The authentication scheme.</param>
    /// <returns>The same services.</returns>
    /// <remarks>
    /// <para>
    /// The scheme gets the server's introspection endpoint and, if it has no credentials, the server's client id and secret. Credentials
    /// from user secrets, the environment or code stay in use, and the server accepts them. If the options of the server set a client id,
    /// secret or bearer token (<see cref="FakeAuthorizationServerOptions.ClientId"/>), the server accepts only that, so a test can make it
    /// refuse the application. All requests of the scheme go to this server, regardless of their URL, so no real secret leaves the machine.
    /// </para>
    /// <para>
    /// The server has neither the public key of <c>private_key_jwt</c> nor the certificate of <c>tls_client_auth</c>, and checks only the
    /// client id. With <c>client_credentials</c> the application obtains its token from
    /// <see cref="FakeAuthorizationServer.TokenEndpoint"/>. With <c>bearer</c> any token is accepted.
    /// </para>
    /// <para>
    /// A scheme without an endpoint whose <see cref="OAuthIntrospectionOptions.Authority"/> equals the server's
    /// <see cref="FakeAuthorizationServer.Issuer"/> discovers the endpoint, as in production. If the application requires signed responses,
    /// or compares <c>iss</c> with its <see cref="OAuthIntrospectionOptions.Authority"/> because it has no <see
    /// cref="OAuthIntrospectionOptions.ValidIssuers"/>, the authority is replaced with the server's issuer.
    /// </para>
    /// <para>
    /// If the application has no such scheme, and another introspection scheme that no fake serves, it does not start: its calls would go
    /// to the real server. A poller of security events gets no events from another machine, because it would acknowledge them.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="scheme"/> is null or empty.</exception>
    public static IServiceCollection UseFakeAuthorizationServer(
        this IServiceCollection services,
        FakeAuthorizationServer server,
        string scheme = OAuthIntrospectionDefaults.AuthenticationScheme
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(server);
        ArgumentException.ThrowIfNullOrEmpty(scheme);

        // Runs after all other code that sets a primary handler, regardless of the order of registration.
        services.AddHttpClient();
        services.PostConfigure<HttpClientFactoryOptions>(
            OAuthIntrospectionDefaults.GetHttpClientName(scheme),
            client => client.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = server.CreateHandler())
        );
        services.PostConfigure<HttpClientFactoryOptions>(
            OAuthIntrospectionDefaults.SecurityEventPollerHttpClientName,
            static client => client.HttpMessageHandlerBuilderActions.Add(OfflinePollHandler.Add)
        );
        services.AddSingleton(new FakedScheme(scheme));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, FakedSchemesCheck>());
        services.PostConfigure<OAuthIntrospectionOptions>(
            scheme,
            options =>
            {
                if (options.IntrospectionEndpoint is not null || options.Authority != server.Issuer)
                    options.IntrospectionEndpoint = server.IntrospectionEndpoint;
                if (string.IsNullOrEmpty(options.ClientId))
                    options.ClientId = server.ClientId;
                if (options.RequireSignedResponse || ChecksIssuerByAuthority(options, server))
                    ReplaceAuthority(options, server);

                // With other methods, validation at startup rejects a secret.
                OAuthIntrospectionClientCredentialsOptions credentials = options.ClientCredentials;
                bool needsToken = options.ClientAuthenticationMethod == ClientAuthenticationMethod.ClientCredentials;
                ClientAuthenticationMethod method = needsToken ? credentials.AuthenticationMethod : options.ClientAuthenticationMethod;
                if (method.Name.StartsWith("client_secret_", StringComparison.Ordinal))
                    options.ClientSecret ??= server.ClientSecret;

                if (needsToken && (options.IntrospectionEndpoint ?? credentials.TokenEndpoint) is not null)
                    credentials.TokenEndpoint = server.TokenEndpoint;
                server.Adopt(options);
            }
        );
        return services;
    }

    private static bool ChecksIssuerByAuthority(OAuthIntrospectionOptions options, FakeAuthorizationServer server) =>
        !string.IsNullOrEmpty(options.Authority)
        && options.ValidIssuers.Count == 0
        && Uri.TryCreate(server.Issuer, UriKind.Absolute, out _);

    /// <summary>Replaces the authority, except in the application's protected resource metadata.</summary>
    private static void ReplaceAuthority(OAuthIntrospectionOptions options, FakeAuthorizationServer server)
    {
        IList<string> published = options.ResourceMetadata.AuthorizationServers;
        if (options.Resource is not null && published.Count == 0 && !string.IsNullOrEmpty(options.Authority))
            published.Add(options.Authority);
        options.Authority = server.Issuer;
    }
}
