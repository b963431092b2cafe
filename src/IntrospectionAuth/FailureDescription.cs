namespace IntrospectionAuth;

/// <summary>One fixed sentence for each failure. It never contains anything that a server or caller sent.</summary>
internal static class FailureDescription
{
    public static string For(OAuthIntrospectionFailure failure) =>
        failure switch
        {
            OAuthIntrospectionFailure.MalformedRequest => "The access token is not presented correctly.",
            OAuthIntrospectionFailure.Inactive => "The access token is not active.",
            OAuthIntrospectionFailure.Expired => "The access token has expired.",
            OAuthIntrospectionFailure.NotYetValid => "The access token is not valid yet.",
            OAuthIntrospectionFailure.WrongIssuer => "The access token was issued by another authorization server.",
            OAuthIntrospectionFailure.WrongAudience => "The access token is intended for another audience.",
            OAuthIntrospectionFailure.WrongTokenType => "The token is not an access token.",
            OAuthIntrospectionFailure.BindingNotProved => "The request does not prove possession of the key of the access token.",
            OAuthIntrospectionFailure.MissingRequiredClaim => "The access token lacks a required claim.",
            OAuthIntrospectionFailure.Unavailable => "The access token cannot be checked at the moment.",
            OAuthIntrospectionFailure.ForeignToken => "The access token is not in a format that is accepted here.",
            OAuthIntrospectionFailure.InvalidProof => "The DPoP proof is not accepted.",
            OAuthIntrospectionFailure.NonceRequired => "The DPoP proof needs the nonce that is sent with this response.",
            OAuthIntrospectionFailure.DPoPRequired => "The access token must be presented with a DPoP proof.",
            OAuthIntrospectionFailure.NotBound => "The access token is presented with a DPoP proof but is not bound to a key.",
            OAuthIntrospectionFailure.RejectedByApplication => "The application does not accept the access token.",
            OAuthIntrospectionFailure.UnknownTenant => "The access token cannot be used here.",
            _ => "The access token was not accepted.",
        };
}
