using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace IntrospectionAuth;

public abstract partial class ClientAuthenticationMethod
{
    /// <summary>
    /// Gets the method <c>client_secret_basic</c>: HTTP Basic with the form-encoded client id and secret (RFC 6749, section 2.3.1).
    /// </summary>
    public static ClientAuthenticationMethod ClientSecretBasic { get; } =
        Known(new BasicMethod("client_secret_basic", WebUtility.UrlEncode));

    /// <summary>
    /// Gets the method <c>client_secret_basic_raw</c>: HTTP Basic with the unencoded client id and secret, for servers that do not decode
    /// them.
    /// </summary>
    public static ClientAuthenticationMethod ClientSecretBasicRaw { get; } =
        Known(new BasicMethod("client_secret_basic_raw", static value => value));

    private sealed class BasicMethod(string name, Func<string, string> encode) : ClientAuthenticationMethod(name)
    {
        internal override bool OnlyCopies => true;

        public override ValueTask AuthenticateAsync(ClientAuthenticationContext context)
        {
            string credentials = $"{encode(context.Options.ClientId!)}:{encode(context.Options.ClientSecret!)}";
            context.Request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))
            );
            return ValueTask.CompletedTask;
        }

        public override IEnumerable<string> Validate(OAuthIntrospectionOptions options)
        {
            foreach (string fault in RequireClientIdAndSecret(options))
                yield return fault;

            // RFC 7617, section 2: the first colon ends the user id, so a raw id must not contain one.
            if (this == ClientSecretBasicRaw && options.ClientId?.Contains(':', StringComparison.Ordinal) == true)
                yield return "ClientId has a colon, which client_secret_basic_raw cannot express. Use client_secret_basic.";
        }
    }
}
