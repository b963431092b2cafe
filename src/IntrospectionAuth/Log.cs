using IntrospectionAuth.DPoP;
using IntrospectionAuth.Introspection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth;

/// <summary>
/// Everything the library logs. No message holds a token, a secret, a response, or a claim's value other than those by which a token was
/// refused.
/// </summary>
internal static partial class Log
{
    public static void Introspected(this ILogger logger, string scheme, IntrospectionResult result, TimeSpan elapsed)
    {
        if (logger.IsEnabled(LogLevel.Debug))
            logger.Introspected(scheme, result.OutcomeName, elapsed.TotalMilliseconds);
    }

    [LoggerMessage(
        1,
        LogLevel.Debug,
        "Scheme {Scheme}: the authorization server was asked; outcome {Outcome} after {ElapsedMilliseconds} ms.",
        EventName = nameof(Introspected)
    )]
    private static partial void Introspected(this ILogger logger, string scheme, string outcome, double elapsedMilliseconds);

    [LoggerMessage(
        2,
        LogLevel.Debug,
        "Scheme {Scheme}: the request was not authenticated: {Failure}{Detail}.",
        EventName = nameof(NotAuthenticated)
    )]
    public static partial void NotAuthenticated(this ILogger logger, string scheme, OAuthIntrospectionFailure failure, string? detail);

    [LoggerMessage(
        3,
        LogLevel.Error,
        "Scheme {Scheme}: the authorization server could not be reached. Logged at most once a minute; {Suppressed} more since "
            + "the last time.",
        EventName = nameof(Unreachable)
    )]
    public static partial void Unreachable(this ILogger logger, string scheme, long suppressed, Exception exception);

    [LoggerMessage(
        4,
        LogLevel.Error,
        "Scheme {Scheme}: the authorization server did not answer within {TimeoutSeconds} s. Logged at most once a minute; "
            + "{Suppressed} more since the last time.",
        EventName = nameof(TimedOut)
    )]
    public static partial void TimedOut(this ILogger logger, string scheme, double timeoutSeconds, long suppressed);

    [LoggerMessage(
        5,
        LogLevel.Error,
        "Scheme {Scheme}: the authorization server answered {StatusCode}, error code {ErrorCode}: it refuses the credentials "
            + "or the request of this API. {Advice} This is said when it begins or changes, at most once a minute.",
        EventName = nameof(CredentialsRefused)
    )]
    public static partial void CredentialsRefused(this ILogger logger, string scheme, int statusCode, string errorCode, string? advice);

    [LoggerMessage(
        6,
        LogLevel.Warning,
        "Scheme {Scheme}: the authorization server answered {Status}, which says nothing about the token.{Hint} This is said "
            + "when it begins or changes, at most once a minute.",
        EventName = nameof(UnexpectedStatus)
    )]
    public static partial void UnexpectedStatus(this ILogger logger, string scheme, string status, string hint);

    [LoggerMessage(
        7,
        LogLevel.Warning,
        "Scheme {Scheme}: the authorization server's response is not an introspection answer: {Fault}. This is said when it begins or changes, at most once a minute.",
        EventName = nameof(InvalidResponse)
    )]
    public static partial void InvalidResponse(this ILogger logger, string scheme, string fault);

    [LoggerMessage(
        8,
        LogLevel.Warning,
        "Scheme {Scheme}: a response has an exp, nbf, iat, auth_time or expires_in past year 9999, probably milliseconds instead of seconds. It was taken for the end of year 9999. Logged at most once a minute; {Suppressed} more since the last time.",
        EventName = nameof(DateClamped)
    )]
    public static partial void DateClamped(this ILogger logger, string scheme, long suppressed);

    [LoggerMessage(
        9,
        LogLevel.Error,
        "Scheme {Scheme}: the client authentication method {Method} failed. Logged at most once a minute; {Suppressed} more "
            + "since the last time.",
        EventName = nameof(ClientAuthenticationFailed)
    )]
    public static partial void ClientAuthenticationFailed(
        this ILogger logger,
        string scheme,
        string method,
        long suppressed,
        Exception exception
    );

    [LoggerMessage(
        10,
        LogLevel.Warning,
        "Scheme {Scheme}: the authorization server's Cache-Control forbids caching and Cache.HonorCacheControl is on, so every request costs a call. Set it to false to cache responses until exp. This is logged once.",
        EventName = nameof(NotKept)
    )]
    public static partial void NotKept(this ILogger logger, string scheme);

    [LoggerMessage(
        11,
        LogLevel.Error,
        "Scheme {Scheme}: the changed configuration is not valid; the previous one stays in force. {Faults}",
        EventName = nameof(ReloadRefused)
    )]
    public static partial void ReloadRefused(this ILogger logger, string scheme, string faults);

    [LoggerMessage(
        12,
        LogLevel.Error,
        "Scheme {Scheme}: the authorization server fails or hangs, so it is not asked for {PauseSeconds} s; then one call "
            + "probes it. Cached responses still serve. Logged at most once a minute; {Suppressed} more since the last time.",
        EventName = nameof(CircuitOpened)
    )]
    public static partial void CircuitOpened(this ILogger logger, string scheme, double pauseSeconds, long suppressed);

    [LoggerMessage(13, LogLevel.Information, "Scheme {Scheme}: the authorization server answers again.", EventName = nameof(CircuitClosed))]
    public static partial void CircuitClosed(this ILogger logger, string scheme);

    [LoggerMessage(
        14,
        LogLevel.Warning,
        "Scheme {Scheme}: the authorization server answered {StatusCode} with Retry-After, so it is not asked for "
            + "{WaitSeconds} s. Logged at most once a minute; {Suppressed} more since the last time.",
        EventName = nameof(BackingOff)
    )]
    public static partial void BackingOff(this ILogger logger, string scheme, int statusCode, double waitSeconds, long suppressed);

    [LoggerMessage(
        15,
        LogLevel.Warning,
        "Scheme {Scheme}: so many calls are under way that others found no place in time and got 503. Logged at most once a "
            + "minute; {Suppressed} more since the last time.",
        EventName = nameof(TooManyCalls)
    )]
    public static partial void TooManyCalls(this ILogger logger, string scheme, long suppressed);

    [LoggerMessage(
        16,
        LogLevel.Warning,
        "An endpoint requires a fresh token, but the request was not authenticated by introspection for this endpoint. Call "
            + "UseRouting before UseAuthentication, or name the introspection scheme in the endpoint's policy. Logged at most once a "
            + "minute; {Suppressed} more since the last time.",
        EventName = nameof(FreshTokenNotProved)
    )]
    public static partial void FreshTokenNotProved(this ILogger logger, long suppressed);

    [LoggerMessage(
        17,
        LogLevel.Error,
        "Scheme {Scheme}: a background refresh failed in the application's own event handler. Logged at most once a minute; "
            + "{Suppressed} more since the last time.",
        EventName = nameof(RefreshFailed)
    )]
    public static partial void RefreshFailed(this ILogger logger, string scheme, long suppressed, Exception exception);

    [LoggerMessage(
        18,
        LogLevel.Error,
        "Scheme {Scheme}: the file {Path} has changed, but holds no usable key. {Fault}. The previous key stays in use.",
        EventName = nameof(SigningKeyNotReplaced)
    )]
    public static partial void SigningKeyNotReplaced(this ILogger logger, string scheme, string path, string fault);

    [LoggerMessage(
        19,
        LogLevel.Error,
        "Scheme {Scheme}: the file {Path} has changed, but holds no usable client certificate. {Fault}. The previous certificate stays in use.",
        EventName = nameof(ClientCertificateNotReplaced)
    )]
    public static partial void ClientCertificateNotReplaced(this ILogger logger, string scheme, string path, string fault);

    [LoggerMessage(
        20,
        LogLevel.Information,
        "Scheme {Scheme}: the introspection endpoint was discovered: {Endpoint}.",
        EventName = nameof(Discovered)
    )]
    public static partial void Discovered(this ILogger logger, string scheme, string endpoint);

    [LoggerMessage(
        21,
        LogLevel.Warning,
        "Scheme {Scheme}: the authorization server now names another introspection endpoint: {Endpoint}. Answers of the old one are forgotten.",
        EventName = nameof(EndpointMoved)
    )]
    public static partial void EndpointMoved(this ILogger logger, string scheme, string endpoint);

    [LoggerMessage(
        22,
        LogLevel.Error,
        "Scheme {Scheme}: what is needed of the server's metadata cannot be discovered from Authority: {Fault}. Check Authority, or set IntrospectionEndpoint. This is said when it begins or changes, at most once a minute.",
        EventName = nameof(NotDiscovered)
    )]
    public static partial void NotDiscovered(this ILogger logger, string scheme, string fault);

    [LoggerMessage(
        23,
        LogLevel.Warning,
        "Scheme {Scheme}: the server's metadata could not be discovered anew ({Fault}); what is known stays in use.",
        EventName = nameof(RediscoveryFailed)
    )]
    public static partial void RediscoveryFailed(this ILogger logger, string scheme, string fault);

    [LoggerMessage(
        24,
        LogLevel.Error,
        "Scheme {Scheme}: the token endpoint issues no token with which this API could ask: {Fault}. {Advice} This is said "
            + "when it begins or changes, at most once a minute.",
        EventName = nameof(TokenNotIssued)
    )]
    public static partial void TokenNotIssued(this ILogger logger, string scheme, string fault, string advice);

    [LoggerMessage(
        25,
        LogLevel.Information,
        "Scheme {Scheme}: the authorization server refused the credentials of this API; others were obtained, and the call was "
            + "repeated with them.",
        EventName = nameof(CredentialsRenewed)
    )]
    public static partial void CredentialsRenewed(this ILogger logger, string scheme);

    [LoggerMessage(
        26,
        LogLevel.Error,
        "Scheme {Scheme}: the file {Path} has changed, but holds no usable key for decryption. {Fault}. The previous key stays in use.",
        EventName = nameof(DecryptionKeyNotReplaced)
    )]
    public static partial void DecryptionKeyNotReplaced(this ILogger logger, string scheme, string path, string fault);

    [LoggerMessage(
        27,
        LogLevel.Error,
        "Scheme {Scheme}: the keys by which signed answers are verified cannot be had from the authorization server: {Fault}. This is said when it begins or changes, at most once a minute.",
        EventName = nameof(ServerKeysNotFound)
    )]
    public static partial void ServerKeysNotFound(this ILogger logger, string scheme, string fault);

    [LoggerMessage(
        28,
        LogLevel.Warning,
        "Scheme {Scheme}: the keys by which signed answers are verified could not be fetched anew ({Fault}); those that are known stay in use.",
        EventName = nameof(ServerKeysNotRenewed)
    )]
    public static partial void ServerKeysNotRenewed(this ILogger logger, string scheme, string fault);

    [LoggerMessage(29, LogLevel.Debug, "Scheme {Scheme}: the DPoP proof was refused: {Fault}.", EventName = nameof(ProofRefused))]
    public static partial void ProofRefused(this ILogger logger, string scheme, ProofFault fault);

    [LoggerMessage(
        30,
        LogLevel.Warning,
        "Scheme {Scheme}: so many DPoP proofs were used lately that no more can be remembered, so that others get 503. Logged "
            + "at most once a minute; {Suppressed} more since the last time.",
        EventName = nameof(TooManyProofs)
    )]
    public static partial void TooManyProofs(this ILogger logger, string scheme, long suppressed);

    [LoggerMessage(
        31,
        LogLevel.Warning,
        "Scheme {Scheme}: RequireHttps is false, and {Hosts} is reached over plain http: "
            + "tokens and the credentials of this API cross that network unencrypted. "
            + "Make sure that something else protects it, or use https.",
        EventName = nameof(PlainHttp)
    )]
    public static partial void PlainHttp(this ILogger logger, string scheme, string hosts);

    [LoggerMessage(
        32,
        LogLevel.Warning,
        "Scheme {Scheme}: the client certificate of {Source} is valid from {NotBefore:u} to {NotAfter:u}, which is not now; the authorization server may refuse it. "
            + "Renew it, or check the clock. This is logged at most once an hour.",
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
        33,
        LogLevel.Warning,
        "Scheme {Scheme}: the authorization server does not introspect tokens of this type (400, error code "
            + "unsupported_token_type), an ID token or a JWT for example, "
            + "so the token counts as inactive. Have the server issue tokens that it introspects, or keep the others from it by TokenFilter. "
            + "Logged at most once a minute; {Suppressed} more since the last time.",
        EventName = nameof(TokenTypeNotSupported)
    )]
    public static partial void TokenTypeNotSupported(this ILogger logger, string scheme, long suppressed);

    [LoggerMessage(
        34,
        LogLevel.Warning,
        "Scheme {Scheme}: for at least a minute and {Count} calls the authorization server has answered nothing but statuses "
            + "of InactiveStatusCodes, "
            + "so that every token was refused as inactive. If valid tokens are among them, check whether the server still accepts "
            + "the credentials of this API. "
            + "Logged at most once a minute; {Suppressed} more since the last time.",
        EventName = nameof(OnlyInactiveStatuses)
    )]
    public static partial void OnlyInactiveStatuses(this ILogger logger, string scheme, int count, long suppressed);
}
