namespace IntrospectionAuth;

public abstract partial class ClientAuthenticationMethod
{
    /// <summary>Gets the method <c>client_secret_post</c>: client id and secret as form parameters (RFC 6749, section 2.3.1).</summary>
    public static ClientAuthenticationMethod ClientSecretPost { get; } = Known(new PostMethod());

    private protected IEnumerable<string> RequireClientIdAndSecret(OAuthIntrospectionOptions options)
    {
        foreach (string fault in RequireClientId(options))
            yield return fault;
        if (options.ClientSecret is null)
        {
            yield return $"ClientSecret is not set, but the client authentication method {Name} sends it. Set ClientSecret (an empty "
                + "string if the secret is empty), or another ClientAuthenticationMethod.";
        }
    }

    private sealed class PostMethod() : ClientAuthenticationMethod("client_secret_post")
    {
        internal override bool OnlyCopies => true;

        public override ValueTask AuthenticateAsync(ClientAuthenticationContext context)
        {
            context.Parameters["client_id"] = context.Options.ClientId!;
            context.Parameters["client_secret"] = context.Options.ClientSecret!;
            return ValueTask.CompletedTask;
        }

        public override IEnumerable<string> Validate(OAuthIntrospectionOptions options) => RequireClientIdAndSecret(options);
    }
}
