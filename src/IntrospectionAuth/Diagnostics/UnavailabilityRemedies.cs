using System.Net;
using IntrospectionAuth.Outcomes;
using static IntrospectionAuth.Outcomes.UnavailableReason;

namespace IntrospectionAuth.Diagnostics;

/// <summary>The remedy of each <see cref="UnavailableReason"/>.</summary>
internal static class UnavailabilityRemedies
{
    private const string FailurePage = "docs/resilience.md#what-each-failure-means";
    private const string RefusalPage = "docs/resilience.md#refused-credentials";
    private const string ConnectionPage = "docs/client-authentication.md#the-connection";
    private const string EndpointPage = "docs/configuration.md#the-authorization-server";

    /// <summary>The memory of used DPoP proofs, not the authorization server, is unavailable.</summary>
    private static readonly Remedy s_proofs = new(
        "The proof could not be compared with those used before: the store is full, or the shared cache does not respond. Try again later.",
        "docs/dpop.md#replay"
    );

    private static readonly Remedy s_hostName = new(
        "Check the host name in IntrospectionEndpoint or Authority, and whether this machine can resolve it.",
        EndpointPage
    );

    private static readonly Remedy s_tls = new(
        "Have the server send its whole certificate chain for the host name that is called, and have this machine trust its root "
            + "certificate. Certificates are always verified.",
        ConnectionPage
    );

    private static readonly Remedy s_unreachable = new(
        "Check that the authorization server runs, and that host and port in IntrospectionEndpoint or Authority are right and can be "
            + "reached from this machine.",
        EndpointPage
    );

    private static readonly Remedy s_redirect = new(
        "Redirects are never followed, because they would carry credentials elsewhere. Set IntrospectionEndpoint to the final URL; often "
            + "the scheme, the host or a slash at the end differs.",
        EndpointPage
    );

    private static readonly Remedy s_moved = new(
        "Check the path of IntrospectionEndpoint against the server's documentation, or set Authority alone and have it discovered.",
        EndpointPage
    );

    // csharpier-ignore
    private static readonly Dictionary<UnavailableReason, Remedy> s_all = new()
    {
        [Unreachable] = s_unreachable,
        [TimedOut] = new(
            "Look at the authorization server, which responds too slowly, or raise Timeout.",
            "docs/resilience.md#the-timeout"
        ),
        [ApplicationTimedOut] = new(
            "The application's own code used up Timeout: its client authentication method, or an event handler of the call.",
            "docs/resilience.md#the-timeout"
        ),
        [UnexpectedStatus] = new(
            "Look at the log of the authorization server or of the proxy in front of it: the status says nothing about the token.",
            FailurePage
        ),
        [Refused] = new(
            "Check ClientId, ClientSecret and ClientAuthenticationMethod, and whether the server lets this client introspect.",
            RefusalPage
        ),
        [InvalidResponse] = new(
            "Check that IntrospectionEndpoint is the URL of the introspection endpoint. If the server deviates from RFC 7662, adapt its "
                + "responses with OnResponseReceived.",
            "docs/adapting.md"
        ),
        [NotDiscovered] = new(
            "Check Authority: it must be written exactly as the issuer in the server's metadata. Or set IntrospectionEndpoint.",
            "docs/discovery.md#when-it-fails"
        ),
        [NotIssued] = new(
            "Check ClientCredentials, ClientId and what belongs to the client: the token endpoint issued no token for this API.",
            "docs/client-authentication.md#a-token-by-client-credentials"
        ),
        [ServerKeysNotFound] = new(
            "Check that the jwks_uri in the server's metadata can be fetched from this machine.",
            "docs/signed-responses.md#the-keys"
        ),
        [ClientAuthenticationFailed] = new(
            "Look at the exception in the log: the client authentication method threw before anything was sent.",
            "docs/client-authentication.md#when-it-fails"
        ),
        [BackingOff] = new(
            "The authorization server asked all callers to wait. Wait, or have its limit for this client raised.",
            "docs/resilience.md#retry-after"
        ),
        [CircuitOpen] = new(
            "Earlier calls failed, so none is made for a while. The cause is in an earlier decision and in the log.",
            "docs/resilience.md#the-circuit-breaker"
        ),
        [TooManyCalls] = new(
            "The server responds too slowly for the number of calls. Look at the server, or raise Resilience.MaximumConcurrentCalls.",
            "docs/resilience.md#concurrent-calls"
        ),
        [Superseded] = new(
            "The token was removed from the cache again and again while it was introspected. Try again.",
            "docs/caching.md#removal"
        ),
        [Stopped] = new("The application is stopping. Try again at another instance.", FailurePage),
    };

    /// <param name="unavailability">Why there is no usable response; null when a DPoP proof could not be recorded.</param>
    public static Remedy Of(Unavailability? unavailability) =>
        unavailability switch
        {
            null => s_proofs,
            { Reason: Unreachable, Exception: HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } } =>
                s_hostName,
            { Reason: Unreachable, Exception: HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } } => s_tls,
            { Reason: UnexpectedStatus, StatusCode: >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest } => s_redirect,
            { Reason: UnexpectedStatus, StatusCode: HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Gone } =>
                s_moved,
            { Reason: Refused or NotIssued, Advice: { } advice } => new(advice, RefusalPage),
            _ => s_all[unavailability.Reason],
        };
}
