namespace IntrospectionAuth;

public abstract partial class ClientAuthenticationMethod
{
    /// <summary>Gets the method <c>none</c>: a public client that only names itself by <c>client_id</c> (RFC 7591, section 2).</summary>
    public static ClientAuthenticationMethod None { get; } = Known(new NoneMethod());

    private sealed class NoneMethod() : ClientAuthenticationMethod("none")
    {
        internal override bool AuthenticatesToTokenEndpoint => false;

        internal override bool OnlyCopies => true;

        public override ValueTask AuthenticateAsync(ClientAuthenticationContext context)
        {
            context.Parameters["client_id"] = context.Options.ClientId!;
            return ValueTask.CompletedTask;
        }

        public override IEnumerable<string> Validate(OAuthIntrospectionOptions options) => RequireClientIdAlone(options);
    }
}
