using IntrospectionAuth.Providers;

namespace IntrospectionAuth
{
    public static partial class OAuthIntrospectionProviderExtensions
    {
        /// <summary>Accepts refresh tokens of VMware Cloud Services, which introspects no other tokens.</summary>
        /// <param name="options">The options to set.</param>
        /// <param name="console">The base URL of your organization's console: <c>https://console.cloud.vmware.com</c>.</param>
        /// <param name="clientId">The client id of this API.</param>
        /// <param name="clientSecret">The client secret of this API; an empty string for a public client.</param>
        /// <returns>The options.</returns>
        /// <remarks>
        /// The member <c>orgId</c> becomes the claim <c>org_id</c>. Responses have no <c>scope</c>. Source: VMware Cloud Services API,
        /// <c>/csp/gateway/am/api/auth/introspect</c>.
        /// </remarks>
        /// <exception cref="ArgumentException">
        /// <paramref name="console"/> or <paramref name="clientId"/> is null or empty, or <paramref name="clientSecret"/> is null.
        /// </exception>
        public static OAuthIntrospectionOptions UseVMwareCloud(
            this OAuthIntrospectionOptions options,
            string console,
            string clientId,
            string clientSecret
        )
        {
            ArgumentNullException.ThrowIfNull(options);
            ArgumentException.ThrowIfNullOrEmpty(console);
            ArgumentException.ThrowIfNullOrEmpty(clientId);
            ArgumentNullException.ThrowIfNull(clientSecret);

            options.Authority = console.TrimEnd('/');
            options.IntrospectionEndpoint = options.Authority + "/csp/gateway/am/api/auth/introspect";
            options.ClientId = clientId;
            options.ClientSecret = clientSecret;
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientSecretBasicRaw;
            options.TokenTypeHint = null;
            options.AcceptRefreshTokens = true;
            options.ValidIssuers.Clear(); // responses have no iss
            options.ClaimMappings["orgId"] = "org_id";
            return options;
        }
    }
}

namespace IntrospectionAuth.Providers
{
    internal sealed partial class ProviderPreset
    {
        public static readonly ProviderPreset VMwareCloud = new(
            "VMwareCloud",
            static (options, settings) => options.UseVMwareCloud(settings.Authority, settings.ClientId, settings.ClientSecret)
        );
    }
}
