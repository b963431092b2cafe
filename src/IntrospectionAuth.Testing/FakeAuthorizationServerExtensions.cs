using IntrospectionAuth;
using IntrospectionAuth.Testing;
using Microsoft.Extensions.Http;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Points an application under test to a <see cref="FakeAuthorizationServer"/>.</summary>
public static class FakeAuthorizationServerExtensions
{
    /// <summary>Sends a scheme's calls to a fake authorization server instead of the real one.</summary>
    /// <param name="services">The services of the application under test: <c>ConfigureTestServices</c> of a <c>WebApplicationFactory</c>.</param>
    /// <param name="server">The server, which must live as long as the application.</param>
    /// <param name="scheme">The authentication scheme.</param>
    /// <returns>The same services.</returns>
    /// <remarks>
    /// <para>
    /// The scheme gets the server's introspection endpoint and, where it has none of its own, its client id and secret. Credentials that
    /// the application has, from user secrets, the environment or code, are kept, and the server accepts them. Where the server's own
    /// options name a client id, secret or bearer token (<see cref="FakeAuthorizationServerOptions.ClientId"/>), that one alone is
    /// accepted: so a test makes the server refuse the application. All requests of the scheme go to this server, whatever their URL, so
    /// that no real secret leaves the machine.
    /// </para>
    /// <para>
    /// The server knows neither the public key of <c>private_key_jwt</c> nor the certificate of <c>tls_client_auth</c>, and looks at the
    /// client id alone. With <c>client_credentials</c> the application obtains its token at
    /// <see cref="FakeAuthorizationServer.TokenEndpoint"/>; with <c>bearer</c> any token is accepted.
    /// </para>
    /// <para>
    /// A scheme that knows its server by <see cref="OAuthIntrospectionOptions.Authority"/> alone, and by exactly this server's
    /// <see cref="FakeAuthorizationServer.Issuer"/>, discovers the endpoint itself, as it will in production. Where the application
    /// requires signed responses, or checks <c>iss</c> by its <see cref="OAuthIntrospectionOptions.Authority"/> since it has no
    /// <see cref="OAuthIntrospectionOptions.ValidIssuers"/>, the authority becomes the server's issuer.
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

        // After everything else that chooses a primary handler, whether it was registered before or after this call.
        services.AddHttpClient();
        services.PostConfigure<HttpClientFactoryOptions>(
            OAuthIntrospectionDefaults.GetHttpClientName(scheme),
            client => client.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = server.CreateHandler())
        );
        services.PostConfigure<OAuthIntrospectionOptions>(
            scheme,
            options =>
            {
                if (options.IntrospectionEndpoint is not null || options.Authority != server.Issuer)
                    options.IntrospectionEndpoint = server.IntrospectionEndpoint;
                if (string.IsNullOrEmpty(options.ClientId))
                    options.ClientId = server.ClientId;
                if (options.RequireSignedResponse || ChecksIssuerByAuthority(options, server))
                    ReplaceAuthority(options, server); // whose keys are looked for, and whose name its responses have as iss

                // The other methods have no use for a secret, and refuse one at startup.
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

    /// <summary>What the application tells its clients about its authorization server stays what it is in production.</summary>
    private static void ReplaceAuthority(OAuthIntrospectionOptions options, FakeAuthorizationServer server)
    {
        IList<string> published = options.ResourceMetadata.AuthorizationServers;
        if (options.Resource is not null && published.Count == 0 && !string.IsNullOrEmpty(options.Authority))
            published.Add(options.Authority);
        options.Authority = server.Issuer;
    }
}
