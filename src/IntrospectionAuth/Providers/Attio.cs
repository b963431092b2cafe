using IntrospectionAuth.Providers;
using IntrospectionAuth.Tokens;

namespace IntrospectionAuth
{
    /// <summary>Presets for known providers.</summary>
    public static partial class OAuthIntrospectionProviderExtensions
    {
        /// <summary>Accepts access tokens of Attio.</summary>
        /// <param name="options">The options to set.</param>
        /// <returns>The options.</returns>
        /// <remarks>
        /// The presented token itself authenticates the call; there is no client secret. Tokens of every Attio app are accepted. To accept
        /// only tokens of your app, add its client id to <see cref="OAuthIntrospectionOptions.Audiences"/>. Source: docs.attio.com, OAuth
        /// "Introspect".
        /// </remarks>
        /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
        public static OAuthIntrospectionOptions UseAttio(this OAuthIntrospectionOptions options)
        {
            ArgumentNullException.ThrowIfNull(options);

            options.Authority = "https://app.attio.com";
            options.IntrospectionEndpoint = "https://app.attio.com/oauth/introspect";
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.PresentedToken;
            options.TokenTypeHint = null;
            options.AcceptRefreshTokens = false;
            options.ValidIssuers.Clear(); // values of another preset must not remain
            options.ValidIssuers.Add("attio.com"); // not a URL, as documented
            return options;
        }
    }
}

namespace IntrospectionAuth.Providers
{
    internal sealed partial class ProviderPreset
    {
        public static readonly ProviderPreset Attio = new("Attio", static (options, _) => options.UseAttio());
    }
}
