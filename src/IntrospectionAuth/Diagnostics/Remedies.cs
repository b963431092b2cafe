using IntrospectionAuth.DPoP;
using IntrospectionAuth.Outcomes;
using static IntrospectionAuth.OAuthIntrospectionFailure;

namespace IntrospectionAuth.Diagnostics;

/// <summary>The remedy of each failure. A test compares the links with the pages.</summary>
/// <remarks>
/// <see cref="UnavailabilityRemedies"/> has those of an authorization server that is unavailable, <see cref="ProofRemedies"/> those of DPoP
/// proofs.
/// </remarks>
internal static class Remedies
{
    public static Remedy NoToken { get; } =
        new(
            "Send the header Authorization: Bearer, followed by the access token. If the token is elsewhere, for example in the query of a "
                + "WebSocket, set TokenRetrieval.",
            "docs/token-retrieval.md"
        );

    /// <summary>An event handler of the application rejected the token.</summary>
    public static Remedy OfApplication { get; } =
        new(
            "The application's own event handler rejected the token. Look at OnTokenValidated or OnMessageReceived.",
            "docs/events.md#rules"
        );

    // csharpier-ignore
    private static readonly Dictionary<OAuthIntrospectionFailure, Remedy> s_all = new()
    {
        [MalformedRequest] = new(
            "Send exactly one token: the header Authorization: Bearer, one space, and the token without quotes. "
                + "For tokens with other characters set AdditionalTokenCharacters, for longer ones MaximumTokenLength.",
            "docs/token-retrieval.md#other-characters"
        ),
        [ForeignToken] = new(
            "TokenFilter kept the token from the authorization server. Check whether the token is from this server, then the filter's "
                + "prefixes, lengths and pattern.",
            "docs/security.md#foreign-tokens"
        ),
        [Inactive] = new(
            "Obtain a new token. If it is new, check that it comes from this authorization server, that it is an access token, and that "
                + "the server lets this API's client introspect it: some servers call a token inactive that is meant for another client.",
            "docs/diagnostics.md#inactive-tokens"
        ),
        [Expired] = new(
            "Obtain a new token. If it is new, compare the clocks of this machine and the server: ClockSkew allows a difference.",
            "docs/security.md#checked-on-every-request"
        ),
        [NotYetValid] = new(
            "Compare the clocks of this machine and the server: ClockSkew allows a difference of more than 5 seconds.",
            "docs/security.md#checked-on-every-request"
        ),
        [WrongIssuer] = new(
            "Use a token of the expected issuer, or add the issuer that was found to ValidIssuers. The comparison includes a slash at the "
                + "end. If none was found, have the server put iss into its introspection responses.",
            "docs/discovery.md#what-is-checked"
        ),
        [WrongAudience] = new(
            "Have the client request a token for this API, or add the audience that was found to Audiences if it means this API. If none "
                + "was found, have the server put aud into its introspection responses.",
            "docs/security.md#set-audiences"
        ),
        [WrongTokenType] = new(
            "Send the access token, not a refresh token or an ID token. If the server has a word of its own for access tokens, add it to "
                + "AcceptedTokenUses.",
            "docs/security.md#kinds-of-tokens"
        ),
        [MissingRequiredClaim] = new(
            "Have the server include the claim in its introspection responses, map it with ClaimMappings, or remove it from "
                + "RequiredClaims.",
            "docs/claims.md#mapping"
        ),
        [BindingNotProved] = new(
            "The token is bound to a key or certificate: send the request with the client certificate or the DPoP key it was issued for. "
                + "Kestrel asks for it by ClientCertificateMode; behind a proxy, forward it.",
            "docs/certificate-bound-tokens.md#when-it-fails"
        ),
        [DPoPRequired] = new(
            "Send the token as Authorization: DPoP, with a proof in the header DPoP. It is bound to a key, or RequireDPoP is on.",
            "docs/dpop.md#require-bound-tokens"
        ),
        [NotBound] = new(
            "Have the server bind the token to the client's key. Without RequireDPoP, the token may also be sent as Authorization: Bearer.",
            "docs/dpop.md#what-is-checked"
        ),
        [RejectedByApplication] = OfApplication,
        [UnknownTenant] = new(
            "Send the request to a tenant that exists. If it exists, check which name ResolveTenant returns, and that ConfigureTenant "
                + "returns true for it.",
            "docs/tenants.md#unknown-tenants"
        ),
    };

    /// <summary>Finds the remedy of a failure.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="unavailability">Why there is no usable response; null when a DPoP proof could not be recorded.</param>
    /// <param name="fault">What is wrong with the DPoP proof.</param>
    public static Remedy Of(OAuthIntrospectionFailure failure, Unavailability? unavailability, ProofFault fault) =>
        failure switch
        {
            Unavailable when unavailability is not null => UnavailabilityRemedies.Of(unavailability),
            Unavailable or InvalidProof or NonceRequired => ProofRemedies.Of(fault),
            _ => s_all[failure],
        };
}
