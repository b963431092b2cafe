using static IntrospectionAuth.Outcomes.UnavailableReason;

namespace IntrospectionAuth.Outcomes;

/// <summary>The remedy of each <see cref="UnavailableReason"/>.</summary>
internal static class UnavailabilityRemedies
{
    private const string FailurePage = "docs/resilience.md#what-each-failure-means";
    private const string RefusalPage = "docs/resilience.md#refused-credentials";
    private const string ConnectionPage = "docs/client-authentication.md#the-connection";
    private const string EndpointPage = "docs/configuration.md#the-authorization-server";

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

    private static readonly Remedy s_proxy = new(
        "Check the proxy of the variables HTTP_PROXY and HTTPS_PROXY and its credentials, or list the server's host in NO_PROXY.",
        ConnectionPage
    );

    private static readonly Remedy s_clientCertificate = new(
        "Check the client certificate (CertificatePath or ClientCertificate): the server may refuse it. If the fault is in the server's "
            + "own certificate, have this machine trust its root certificate.",
        "docs/client-authentication.md#a-client-certificate"
    );

    private static readonly Remedy s_limit = new(
        "Have the server's limit for this client raised. TokenFilter keeps foreign tokens from it, and Cache saves calls.",
        FailurePage
    );

    private static readonly Remedy s_unprovedCredentials = new(
        "InactiveStatusCodes has this status, which counts once the server has given these credentials an active or inactive response.",
        "docs/responses.md#unknown-tokens-by-status"
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
            "Look at the log of the authorization server, or of the proxy in front of it.",
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
            "RequireSignedResponse is on: check that the jwks_uri in the server's metadata can be fetched from this machine, and has a key "
                + "for SignedResponseAlgorithms.",
            "docs/signed-responses.md#the-keys"
        ),
        [ClientAuthenticationFailed] = new(
            "Look at the exception in the log: the client authentication method threw before anything was sent.",
            "docs/client-authentication.md#when-it-fails"
        ),
        [BackingOff] = new(
            "The authorization server asked all callers to wait (Retry-After). Wait, or have its limit for this client raised.",
            "docs/resilience.md#retry-after"
        ),
        [CircuitOpen] = new(
            "Look for the cause of the earlier failures: it is in the log and in earlier decisions. The pause is Resilience.BreakerPause.",
            "docs/resilience.md#the-circuit-breaker"
        ),
        [TooManyCalls] = new(
            "The server responds too slowly for the number of calls. Look at the server, or raise Resilience.MaximumConcurrentCalls.",
            "docs/resilience.md#concurrent-calls"
        ),
        [Superseded] = new(
            "The token was revoked or removed again and again while it was introspected. Try again, and look at what removes it: pushed "
                + "events, calls of OAuthIntrospectionCache, or RequireFreshToken.",
            "docs/caching.md#removal"
        ),
        [TenantNotResolved] = new(
            "The log says what is wrong with the settings of the tenant, or what your own code threw. Correct it; the tenant is resolved "
                + "again within seconds.",
            "docs/tenants.md#a-tenant-that-cannot-be-used"
        ),
        [Stopped] = new(
            "The application is stopping. Try again at another instance, and have the load balancer stop sending requests before the end.",
            FailurePage
        ),
    };

    public static Remedy OfReason(UnavailableReason reason) => s_all[reason];

    public static Remedy Of(Unavailability unavailability) =>
        unavailability switch
        {
            { Reason: Refused or NotIssued, Advice: { } advice } => new(advice, RefusalPage),
            { Reason: Unreachable, Exception: HttpRequestException exception } => OfConnection(
                exception.HttpRequestError,
                unavailability.PresentsCertificate
            ),
            { Reason: UnexpectedStatus, RequestsBackOff: true } => s_all[BackingOff],
            { Reason: UnexpectedStatus, MayMeanInactive: true } => s_unprovedCredentials,
            { Reason: UnexpectedStatus, StatusCode: { } status } => OfStatus((int)status),
            _ => s_all[unavailability.Reason],
        };

    private static Remedy OfConnection(HttpRequestError error, bool presentsCertificate) =>
        error switch
        {
            HttpRequestError.NameResolutionError => s_hostName,
            HttpRequestError.SecureConnectionError or HttpRequestError.ResponseEnded or HttpRequestError.Unknown when presentsCertificate =>
                s_clientCertificate,
            HttpRequestError.SecureConnectionError => s_tls,
            HttpRequestError.ProxyTunnelError => s_proxy,
            _ => s_unreachable,
        };

    private static Remedy OfStatus(int status)
    {
        Remedy remedy = status switch
        {
            >= 300 and < 400 => s_redirect,
            404 or 405 or 410 => s_moved,
            407 => s_proxy,
            429 => s_limit,
            _ => s_all[UnexpectedStatus],
        };
        return InactiveStatus.CanBeMeant(status)
            ? new(
                remedy.Text + " If the server responds to unknown tokens in this way, add the status to InactiveStatusCodes.",
                remedy.Page
            )
            : remedy;
    }
}
