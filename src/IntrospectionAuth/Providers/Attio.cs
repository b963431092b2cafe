using IntrospectionAuth.Providers;
using IntrospectionAuth.Tokens;

namespace IntrospectionAuth
{
    /// <summary>Presets for the providers that the library knows.</summary>
    public static partial class OAuthIntrospectionProviderExtensions
    {
        /// <summary>Accepts access tokens of Attio.</summary>
        /// <param name="options">The options to set.</param>
        /// <returns>The options.</returns>
        /// <remarks>
        /// Attio is asked with the presented token itself; there is no client secret. Tokens of every Attio app pass, whoever made it: add
        /// your app's client id to <see cref="OAuthIntrospectionOptions.Audiences"/> to accept its tokens only. Source: docs.attio.com,
        /// OAuth "Introspect".
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
            options.ValidIssuers.Clear(); // what another preset put there must not stay
            options.ValidIssuers.Add("attio.com"); // documented as it is: not a URL
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
