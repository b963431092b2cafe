using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth;

/// <summary>
/// Everything the library logs. No message contains a token, a secret or a response, nor any claim value except those for which a token was
/// rejected: audiences, issuers, token types, scopes and times.
/// </summary>
internal static partial class Log
{
    public static void Introspected(this ILogger logger, string scheme, IntrospectionResult result, TimeSpan elapsed)
    {
        if (logger.IsEnabled(LogLevel.Debug))
            logger.Introspected(scheme, result.OutcomeName, elapsed.TotalMilliseconds);
    }

    [LoggerMessage(
        1001,
        LogLevel.Debug,
        "Scheme {Scheme}: introspected the token; outcome {Outcome} after {ElapsedMilliseconds} ms.",
        EventName = nameof(Introspected)
    )]
    private static partial void Introspected(this ILogger logger, string scheme, string outcome, double elapsedMilliseconds);

    [LoggerMessage(
        1002,
        LogLevel.Information,
        "Scheme {Scheme}: the token was not accepted: {Failure} ({Reason}). {Remedy} ({Suppressed} such messages suppressed)",
        EventName = nameof(NotAuthenticated)
    )]
    public static partial void NotAuthenticated(
        this ILogger logger,
        string scheme,
        OAuthIntrospectionFailure failure,
        string reason,
        Remedy remedy,
        long suppressed
    );

    [LoggerMessage(
        1003,
        LogLevel.Error,
        "Scheme {Scheme}: the authorization server cannot be reached: {Cause}. {Remedy} Logged at most once a minute; {Suppressed} "
            + "suppressed since the last message.",
        EventName = nameof(Unreachable)
    )]
    public static partial void Unreachable(
        this ILogger logger,
        string scheme,
        string cause,
        Remedy remedy,
        long suppressed,
        Exception? exception
    );

    public static void Unreachable(this ILogger logger, string scheme, Unavailability unavailability, long suppressed) =>
        logger.Unreachable(
            scheme,
            UnavailabilityDescription.OfConnection(unavailability.Exception),
            UnavailabilityRemedies.Of(unavailability),
            suppressed,
            unavailability.Exception
        );

    [LoggerMessage(
        1004,
        LogLevel.Error,
        "Scheme {Scheme}: there was no complete response from the authorization server within {TimeoutSeconds} s. {Remedy} Logged at most "
            + "once a minute; {Suppressed} suppressed since the last message.",
        EventName = nameof(TimedOut)
    )]
    public static partial void TimedOut(this ILogger logger, string scheme, double timeoutSeconds, Remedy remedy, long suppressed);

    [LoggerMessage(
        1005,
        LogLevel.Error,
        "Scheme {Scheme}: the authorization server responded with {StatusCode}, error code {ErrorCode}: it refuses this API's credentials "
            + "or request. {Remedy} The URL is {Url}. Logged when it begins or changes, at most once a minute.",
        EventName = nameof(CredentialsRefused)
    )]
    public static partial void CredentialsRefused(
        this ILogger logger,
        string scheme,
        int statusCode,
        string errorCode,
        Remedy remedy,
        string url
    );

    [LoggerMessage(
        1006,
        LogLevel.Warning,
        "Scheme {Scheme}: the authorization server responded with {Status}, which says nothing about the token. {Remedy} The URL is {Url}. "
            + "Logged when it begins or changes, at most once a minute.",
        EventName = nameof(UnexpectedStatus)
    )]
    public static partial void UnexpectedStatus(this ILogger logger, string scheme, string status, Remedy remedy, string url);

    [LoggerMessage(
        1007,
        LogLevel.Warning,
        "Scheme {Scheme}: the authorization server's response is not an introspection response: {Fault}. {Remedy} The URL is {Url}. Logged "
            + "when it begins or changes, at most once a minute.",
        EventName = nameof(InvalidResponse)
    )]
    public static partial void InvalidResponse(this ILogger logger, string scheme, string fault, Remedy remedy, string url);

    [LoggerMessage(
        1008,
        LogLevel.Warning,
        "Scheme {Scheme}: a response has an exp, nbf, iat, auth_time or expires_in past year 9999, probably in milliseconds. "
            + "The end of year 9999 is used instead. Logged at most once a minute; {Suppressed} suppressed since the last message.",
        EventName = nameof(DateClamped)
    )]
    public static partial void DateClamped(this ILogger logger, string scheme, long suppressed);

    [LoggerMessage(
        1009,
        LogLevel.Error,
        "Scheme {Scheme}: the client authentication method {Method} failed. {Remedy} Logged at most once a minute; {Suppressed} "
            + "suppressed since the last message.",
        EventName = nameof(ClientAuthenticationFailed)
    )]
    public static partial void ClientAuthenticationFailed(
        this ILogger logger,
        string scheme,
        string method,
        Remedy remedy,
        long suppressed,
        Exception exception
    );

    [LoggerMessage(
        1010,
        LogLevel.Warning,
        "Scheme {Scheme}: the authorization server's Cache-Control forbids caching and Cache.HonorCacheControl is on, so every request "
            + "costs a call. Set it to false to cache responses until exp. Logged once.",
        EventName = nameof(CachingForbidden)
    )]
    public static partial void CachingForbidden(this ILogger logger, string scheme);

    [LoggerMessage(
        1011,
        LogLevel.Error,
        "Scheme {Scheme}: the changed configuration is invalid; the previous one stays in use. {Faults}",
        EventName = nameof(ReloadRejected)
    )]
    public static partial void ReloadRejected(this ILogger logger, string scheme, string faults);

    [LoggerMessage(
        1012,
        LogLevel.Error,
        "Scheme {Scheme}: the authorization server fails or hangs, so no calls are made for {PauseSeconds} s; then one call probes it. "
            + "Cached responses are still used. {Remedy} Logged at most once a minute; {Suppressed} suppressed since the last message.",
        EventName = nameof(CircuitOpened)
    )]
    public static partial void CircuitOpened(this ILogger logger, string scheme, double pauseSeconds, Remedy remedy, long suppressed);

    [LoggerMessage(
        1013,
        LogLevel.Information,
        "Scheme {Scheme}: the authorization server responds again.",
        EventName = nameof(CircuitClosed)
    )]
    public static partial void CircuitClosed(this ILogger logger, string scheme);

    [LoggerMessage(
        1014,
        LogLevel.Warning,
        "Scheme {Scheme}: the authorization server responded with {StatusCode} and Retry-After, so no calls are made for "
            + "{WaitSeconds} s. {Remedy} Logged at most once a minute; {Suppressed} suppressed since the last message.",
        EventName = nameof(BackingOff)
    )]
    public static partial void BackingOff(
        this ILogger logger,
        string scheme,
        int statusCode,
        double waitSeconds,
        Remedy remedy,
        long suppressed
    );

    [LoggerMessage(
        1015,
        LogLevel.Warning,
        "Scheme {Scheme}: the maximum number of calls is in flight; other requests waited too long for a call and got 503. {Remedy} Logged "
            + "at most once a minute; {Suppressed} suppressed since the last message.",
        EventName = nameof(TooManyCalls)
    )]
    public static partial void TooManyCalls(this ILogger logger, string scheme, Remedy remedy, long suppressed);

    [LoggerMessage(
        1016,
        LogLevel.Warning,
        "An endpoint requires a fresh token, but the request was not authenticated by introspection for this endpoint. Call "
            + "UseRouting before UseAuthentication, or name the introspection scheme in the endpoint's policy. Logged at most once a "
            + "minute; {Suppressed} suppressed since the last message.",
        EventName = nameof(FreshTokenNotVerified)
    )]
    public static partial void FreshTokenNotVerified(this ILogger logger, long suppressed);

    [LoggerMessage(
        1017,
        LogLevel.Error,
        "Scheme {Scheme}: a background refresh failed in the application's own event handler. Logged at most once a minute; "
            + "{Suppressed} suppressed since the last message.",
        EventName = nameof(RefreshFailed)
    )]
    public static partial void RefreshFailed(this ILogger logger, string scheme, long suppressed, Exception exception);

    [LoggerMessage(
        1018,
        LogLevel.Error,
        "Scheme {Scheme}: the file {Path} has changed but contains no usable key. {Fault}. The previous key stays in use.",
        EventName = nameof(SigningKeyNotReplaced)
    )]
    public static partial void SigningKeyNotReplaced(this ILogger logger, string scheme, string path, string fault);

    [LoggerMessage(
        1019,
        LogLevel.Error,
        "Scheme {Scheme}: the file {Path} has changed but contains no usable client certificate. {Fault}. The previous certificate stays "
            + "in use.",
        EventName = nameof(ClientCertificateNotReplaced)
    )]
    public static partial void ClientCertificateNotReplaced(this ILogger logger, string scheme, string path, string fault);

    [LoggerMessage(
        1020,
        LogLevel.Information,
        "Scheme {Scheme}: discovered the introspection endpoint {Endpoint}.",
        EventName = nameof(Discovered)
    )]
    public static partial void Discovered(this ILogger logger, string scheme, string endpoint);

    [LoggerMessage(
        1021,
        LogLevel.Warning,
        "Scheme {Scheme}: the authorization server's metadata names another introspection endpoint, {Endpoint}. Responses from the "
            + "previous endpoint are no longer used.",
        EventName = nameof(EndpointMoved)
    )]
    public static partial void EndpointMoved(this ILogger logger, string scheme, string endpoint);

    [LoggerMessage(
        1022,
        LogLevel.Error,
        "Scheme {Scheme}: the authorization server's metadata cannot be discovered from Authority: {Fault}. {Remedy} Logged when it "
            + "begins or changes, at most once a minute.",
        EventName = nameof(DiscoveryFailed)
    )]
    public static partial void DiscoveryFailed(this ILogger logger, string scheme, string fault, Remedy remedy);

    [LoggerMessage(
        1023,
        LogLevel.Warning,
        "Scheme {Scheme}: the authorization server's metadata cannot be fetched again ({Fault}); the known metadata stays in use.",
        EventName = nameof(RediscoveryFailed)
    )]
    public static partial void RediscoveryFailed(this ILogger logger, string scheme, string fault);

    [LoggerMessage(
        1024,
        LogLevel.Error,
        "Scheme {Scheme}: the token endpoint issued no usable token for this API: {Fault}. {Remedy} Logged when it begins or changes, "
            + "at most once a minute.",
        EventName = nameof(TokenNotIssued)
    )]
    public static partial void TokenNotIssued(this ILogger logger, string scheme, string fault, Remedy remedy);

    [LoggerMessage(
        1025,
        LogLevel.Information,
        "Scheme {Scheme}: the authorization server refused this API's credentials; new ones were obtained, and the call was repeated "
            + "with them.",
        EventName = nameof(CredentialsRenewed)
    )]
    public static partial void CredentialsRenewed(this ILogger logger, string scheme);

    [LoggerMessage(
        1026,
        LogLevel.Error,
        "Scheme {Scheme}: the file {Path} has changed but contains no usable decryption key. {Fault}. The previous key stays in use.",
        EventName = nameof(DecryptionKeyNotReplaced)
    )]
    public static partial void DecryptionKeyNotReplaced(this ILogger logger, string scheme, string path, string fault);

    [LoggerMessage(
        1027,
        LogLevel.Error,
        "Scheme {Scheme}: the keys that verify signed responses cannot be obtained from the authorization server: {Fault}. {Remedy} "
            + "Logged when it begins or changes, at most once a minute.",
        EventName = nameof(ServerKeysUnavailable)
    )]
    public static partial void ServerKeysUnavailable(this ILogger logger, string scheme, string fault, Remedy remedy);

    [LoggerMessage(
        1028,
        LogLevel.Warning,
        "Scheme {Scheme}: the keys that verify signatures of the server cannot be fetched again ({Fault}); the known keys stay in use.",
        EventName = nameof(ServerKeysNotRefreshed)
    )]
    public static partial void ServerKeysNotRefreshed(this ILogger logger, string scheme, string fault);

    [LoggerMessage(
        1030,
        LogLevel.Warning,
        "Scheme {Scheme}: the store of used DPoP proofs is full, so further proofs get 503. {Remedy} Logged at most once a minute; "
            + "{Suppressed} suppressed since the last message.",
        EventName = nameof(TooManyProofs)
    )]
    public static partial void TooManyProofs(this ILogger logger, string scheme, Remedy remedy, long suppressed);

    [LoggerMessage(
        1031,
        LogLevel.Warning,
        "Scheme {Scheme}: RequireHttps is false, and {Hosts} is called over plain http: tokens and this API's credentials cross that "
            + "network unencrypted. Make sure that something else protects it, or use https.",
        EventName = nameof(PlainHttp)
    )]
    public static partial void PlainHttp(this ILogger logger, string scheme, string hosts);

    [LoggerMessage(
        1032,
        LogLevel.Warning,
        "Scheme {Scheme}: the client certificate of {Source} is valid from {NotBefore:u} to {NotAfter:u}, so it is not valid now, and the "
            + "authorization server may refuse it. Renew it, or check the clock. Logged at most once an hour.",
        EventName = nameof(ClientCertificateNotValid)
    )]
    public static partial void ClientCertificateNotValid(
        this ILogger logger,
        string scheme,
        string source,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter
    );

    [LoggerMessage(
        1033,
        LogLevel.Warning,
        "Scheme {Scheme}: the authorization server does not introspect tokens of this type (400, error code unsupported_token_type), "
            + "for example an ID token or a JWT, so the token counts as inactive. Have the server issue tokens that it "
            + "introspects, or keep other tokens from it with TokenFilter. Logged at most once a minute; {Suppressed} suppressed since the "
            + "last message.",
        EventName = nameof(TokenTypeNotSupported)
    )]
    public static partial void TokenTypeNotSupported(this ILogger logger, string scheme, long suppressed);

    [LoggerMessage(
        1034,
        LogLevel.Warning,
        "Scheme {Scheme}: for at least a minute and {Count} calls the authorization server has responded only with statuses of "
            + "InactiveStatusCodes, so every token was rejected as inactive. If valid tokens are among them, check whether the "
            + "server still accepts this API's credentials. Logged at most once a minute; {Suppressed} suppressed since the last message.",
        EventName = nameof(OnlyInactiveStatuses)
    )]
    public static partial void OnlyInactiveStatuses(this ILogger logger, string scheme, int count, long suppressed);

    [LoggerMessage(
        1035,
        LogLevel.Information,
        "{Source}: the event {Event} removed {Removed} cache entries.",
        EventName = nameof(TokensRevoked)
    )]
    public static partial void TokensRevoked(this ILogger logger, string source, string @event, int removed);

    [LoggerMessage(
        1036,
        LogLevel.Information,
        "{Source}: the event {Event} removed nothing: {Reason}. Logged at most once a minute; {Suppressed} suppressed since the last "
            + "message.",
        EventName = nameof(EventIgnored)
    )]
    public static partial void EventIgnored(this ILogger logger, string source, string @event, string reason, long suppressed);

    [LoggerMessage(
        1037,
        LogLevel.Warning,
        "{Source}: an event was rejected: {Fault}. Logged at most once a minute; {Suppressed} suppressed since the last message.",
        EventName = nameof(EventRejected)
    )]
    public static partial void EventRejected(this ILogger logger, string source, string fault, long suppressed);

    [LoggerMessage(
        1038,
        LogLevel.Warning,
        "{Source}: the event {Event} removed nothing, because the format of its subject is not supported. Have the transmitter name "
            + "users by iss_sub or opaque identifiers. Logged at most once a minute; {Suppressed} suppressed since the last message.",
        EventName = nameof(SubjectNotSupported)
    )]
    public static partial void SubjectNotSupported(this ILogger logger, string source, string @event, long suppressed);

    [LoggerMessage(
        1039,
        LogLevel.Warning,
        "{Source}: the transmitter has changed the status of the stream of events to {Status}. Events arrive only while it is enabled.",
        EventName = nameof(StreamUpdated)
    )]
    public static partial void StreamUpdated(this ILogger logger, string source, string status);

    [LoggerMessage(
        1040,
        LogLevel.Error,
        "The shared cache fails ({Engine}, {Failure}). Requests are served by this node alone, removals reach the other nodes later, "
            + "and cached responses are used for SharedCache.FeedPatience only. Logged once until it works again.",
        EventName = nameof(SharedCacheFails)
    )]
    public static partial void SharedCacheFails(this ILogger logger, string engine, string failure, Exception? exception);

    [LoggerMessage(1041, LogLevel.Information, "The shared cache works again ({Engine}).", EventName = nameof(SharedCacheWorks))]
    public static partial void SharedCacheWorks(this ILogger logger, string engine);

    [LoggerMessage(
        1042,
        LogLevel.Warning,
        "The feed of removals has a message that no node of this fleet wrote ({Engine}). It was ignored. Check who can write to the "
            + "engine, and that every node has the same SharedCache.Secrets.",
        EventName = nameof(ForeignFeedMessage)
    )]
    public static partial void ForeignFeedMessage(this ILogger logger, string engine);

    [LoggerMessage(
        1043,
        LogLevel.Warning,
        "Scheme {Scheme}: a DPoP proof could not be compared with those used on other nodes, because the shared cache does not respond. "
            + "The request was {Outcome}. {Remedy} Logged at most once a minute; {Suppressed} suppressed since the last message.",
        EventName = nameof(ProofNotShared)
    )]
    public static partial void ProofNotShared(this ILogger logger, string scheme, string outcome, Remedy remedy, long suppressed);

    [LoggerMessage(
        1044,
        LogLevel.Error,
        "{Source}: the events of the transmitter cannot be polled: {Fault}. The next poll is in {PauseSeconds} s. Logged at most once a "
            + "minute; {Suppressed} suppressed since the last message.",
        EventName = nameof(PollFailed)
    )]
    public static partial void PollFailed(
        this ILogger logger,
        string source,
        string fault,
        double pauseSeconds,
        long suppressed,
        Exception? exception
    );

    [LoggerMessage(1045, LogLevel.Information, "{Source}: the transmitter responds again.", EventName = nameof(PollRecovered))]
    public static partial void PollRecovered(this ILogger logger, string source);

    [LoggerMessage(
        1046,
        LogLevel.Information,
        "Scheme {Scheme}: the token was accepted, but the policy of {Endpoint} refused the request ({Reason}).{Remedy} ({Suppressed} such "
            + "messages suppressed)",
        EventName = nameof(RefusedByPolicy)
    )]
    private static partial void RefusedByPolicy(
        this ILogger logger,
        string scheme,
        string endpoint,
        string reason,
        string remedy,
        long suppressed
    );

    public static void RefusedByPolicy(
        this ILogger logger,
        string scheme,
        string endpoint,
        string reason,
        Remedy? remedy,
        long suppressed
    ) => logger.RefusedByPolicy(scheme, endpoint, reason, remedy is null ? "" : $" {remedy}", suppressed);

    [LoggerMessage(
        1047,
        LogLevel.Warning,
        "The cache for all nodes is in the memory of this process ({Engine}), so nothing is shared. Register a distributed cache, for "
            + "example with AddDistributedSqlServerCache or AddCosmosCache. AddDistributedMemoryCache is for tests.",
        EventName = nameof(SharedCacheIsLocal)
    )]
    public static partial void SharedCacheIsLocal(this ILogger logger, string engine);

    [LoggerMessage(1060, LogLevel.Warning, "Startup check {Check}: {Finding}", EventName = nameof(StartupWarning))]
    public static partial void StartupWarning(this ILogger logger, string check, string finding);

    [LoggerMessage(
        1061,
        LogLevel.Warning,
        "The startup checks were not completed, because a provider of policies, schemes or endpoints failed. The application continues.",
        EventName = nameof(StartupChecksFailed)
    )]
    public static partial void StartupChecksFailed(this ILogger logger, Exception exception);

    [LoggerMessage(
        1062,
        LogLevel.Error,
        "Scheme {Scheme} accepts the token of a request to {Endpoint}, but the request was authorized before it was authenticated, so it "
            + "was rejected. Call app.UseAuthentication() before app.UseAuthorization(). Logged once.",
        EventName = nameof(AuthenticationTooLate)
    )]
    public static partial void AuthenticationTooLate(this ILogger logger, string scheme, string? endpoint);

    [LoggerMessage(
        1063,
        LogLevel.Error,
        "The policy {Policy} does not exist. {Remedy} Logged once for each policy.",
        EventName = nameof(PolicyNotFound)
    )]
    public static partial void PolicyNotFound(this ILogger logger, string policy, string remedy);

    [LoggerMessage(
        1070,
        LogLevel.Error,
        "Scheme {Scheme}: the settings of the tenant {Tenant} are invalid; {Consequence}: {Faults}",
        EventName = nameof(TenantInvalid)
    )]
    public static partial void TenantInvalid(this ILogger logger, string scheme, string tenant, string consequence, string faults);

    [LoggerMessage(
        1071,
        LogLevel.Error,
        "Scheme {Scheme}: the settings of a tenant cannot be resolved, because the application's own code fails or does not end within "
            + "Timeout; {Consequence}. Logged at most once a minute; {Suppressed} such messages suppressed.",
        EventName = nameof(TenantNotResolved)
    )]
    public static partial void TenantNotResolved(
        this ILogger logger,
        string scheme,
        string consequence,
        long suppressed,
        Exception exception
    );

    [LoggerMessage(
        1072,
        LogLevel.Error,
        "Scheme {Scheme}: the tenant of a request cannot be found, because the application's own code fails; callers get 503. "
            + "Logged at most once a minute; {Suppressed} such messages suppressed.",
        EventName = nameof(TenantNameNotFound)
    )]
    public static partial void TenantNameNotFound(this ILogger logger, string scheme, long suppressed, Exception exception);
}
