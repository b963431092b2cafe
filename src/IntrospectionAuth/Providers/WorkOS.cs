using IntrospectionAuth.Providers;

namespace IntrospectionAuth
{
    public static partial class OAuthIntrospectionProviderExtensions
    {
        /// <summary>Accepts access tokens of WorkOS AuthKit, of users and of machines.</summary>
        /// <param name="options">The options to set.</param>
        /// <param name="authority">The URL of your AuthKit domain, which is also the issuer: <c>https://auth.example.com</c>.</param>
        /// <param name="clientId">The client id of this API.</param>
        /// <param name="clientSecret">The client secret of this API.</param>
        /// <returns>The options.</returns>
        /// <remarks>
        /// WorkOS also reports refresh tokens as active; the handler rejects them by their <c>token_type</c>. Responses have no
        /// <c>scope</c>: protect endpoints by <c>org_id</c> or other claims. Source: workos.com/docs, Connect "Introspection".
        /// </remarks>
        /// <exception cref="ArgumentException">A value is null or empty.</exception>
        public static OAuthIntrospectionOptions UseWorkOS(
            this OAuthIntrospectionOptions options,
            string authority,
            string clientId,
            string clientSecret
        )
        {
            ArgumentNullException.ThrowIfNull(options);
            ArgumentException.ThrowIfNullOrEmpty(authority);
            ArgumentException.ThrowIfNullOrEmpty(clientId);
            ArgumentException.ThrowIfNullOrEmpty(clientSecret);

            string issuer = authority.TrimEnd('/');
            options.Authority = issuer;
            options.IntrospectionEndpoint = issuer + "/oauth2/introspection";
            options.ClientId = clientId;
            options.ClientSecret = clientSecret;
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientSecretPost;
            options.TokenTypeHint = "access_token";
            options.AcceptRefreshTokens = false;
            options.ValidIssuers.Clear(); // values of another preset must not remain
            options.ValidIssuers.Add(issuer);
            return options;
        }
    }
}

namespace IntrospectionAuth.Providers
{
    internal sealed partial class ProviderPreset
    {
        public static readonly ProviderPreset WorkOS = new(
            "WorkOS",
            static (options, settings) => options.UseWorkOS(settings.Authority, settings.ClientId, settings.ClientSecret)
        );
    }
}
