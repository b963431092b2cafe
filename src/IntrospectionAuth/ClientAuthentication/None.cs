namespace IntrospectionAuth;

public abstract partial class ClientAuthenticationMethod
{
    /// <summary>Gets the method <c>none</c>: a public client that only names itself by <c>client_id</c> (RFC 7591, section 2).</summary>
    public static ClientAuthenticationMethod None { get; } = Known(new NoneMethod());

    private sealed class NoneMethod() : ClientAuthenticationMethod("none")
    {
        public override ValueTask AuthenticateAsync(ClientAuthenticationContext context)
        {
            context.Parameters["client_id"] = context.Options.ClientId!;
            return ValueTask.CompletedTask;
        }

        public override IEnumerable<string> Validate(OAuthIntrospectionOptions options)
        {
            if (string.IsNullOrEmpty(options.ClientId))
                yield return "ClientId is not set, but the client authentication method none sends it. Set ClientId.";
            if (!string.IsNullOrEmpty(options.ClientSecret))
                yield return "ClientSecret is set, but the client authentication method none never sends it. Remove ClientSecret, or choose client_secret_basic or client_secret_post.";
        }
    }
}
