namespace IntrospectionAuth;

/// <summary>The events of authentication by introspection.</summary>
/// <remarks>
/// Set the delegates, or derive and override the methods. An exception of a handler is not caught.
/// </remarks>
public class OAuthIntrospectionEvents
{
    private static readonly Func<MessageReceivedContext, Task> s_noMessageReceived = static _ => Task.CompletedTask;
    private static readonly Func<IntrospectingContext, Task> s_noIntrospecting = static _ => Task.CompletedTask;
    private static readonly Func<ResponseReceivedContext, Task> s_noResponseReceived = static _ => Task.CompletedTask;
    private static readonly Func<TokenValidatedContext, Task> s_noTokenValidated = static _ => Task.CompletedTask;

    /// <summary>
    /// Gets or sets the handler that runs first on every request. It may supply the token or the result, or decline the request.
    /// </summary>
    public Func<MessageReceivedContext, Task> OnMessageReceived { get; set; } = s_noMessageReceived;

    /// <summary>Gets or sets the handler that runs before an introspection request is sent. It may change the request.</summary>
    public Func<IntrospectingContext, Task> OnIntrospecting { get; set; } = s_noIntrospecting;

    /// <summary>
    /// Gets or sets the handler that runs when the authorization server has responded, before the response is parsed. It may change the
    /// status, the content type and the body.
    /// </summary>
    /// <remarks>
    /// It adapts servers that deviate from RFC 7662. It runs once for each response of the introspection endpoint, within
    /// <see cref="OAuthIntrospectionOptions.Timeout"/>, and never for a cached response.
    /// </remarks>
    public Func<ResponseReceivedContext, Task> OnResponseReceived { get; set; } = s_noResponseReceived;

    /// <summary>
    /// Gets or sets the handler that runs when a token was accepted, whether its response is cached or not. It may change the principal or
    /// reject the token.
    /// </summary>
    public Func<TokenValidatedContext, Task> OnTokenValidated { get; set; } = s_noTokenValidated;

    /// <summary>Gets or sets the handler that runs when a request with a token was not authenticated.</summary>
    public Func<AuthenticationFailedContext, Task> OnAuthenticationFailed { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Gets or sets the handler that runs before a challenge (400, 401 or 503) is written.</summary>
    public Func<ChallengeContext, Task> OnChallenge { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Gets or sets the handler that runs before 403 is written.</summary>
    public Func<ForbiddenContext, Task> OnForbidden { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Runs first on every request.</summary>
    /// <param name="context">The event's context.</param>
    /// <returns>A task that completes when the event is handled.</returns>
    public virtual Task MessageReceived(MessageReceivedContext context) => OnMessageReceived(context);

    /// <summary>Runs before an introspection request is sent.</summary>
    /// <param name="context">The event's context.</param>
    /// <returns>A task that completes when the event is handled.</returns>
    public virtual Task Introspecting(IntrospectingContext context) => OnIntrospecting(context);

    /// <summary>Runs when the authorization server has responded, before the response is parsed.</summary>
    /// <param name="context">The event's context.</param>
    /// <returns>A task that completes when the event is handled.</returns>
    public virtual Task ResponseReceived(ResponseReceivedContext context) => OnResponseReceived(context);

    /// <summary>Runs when a token was accepted.</summary>
    /// <param name="context">The event's context.</param>
    /// <returns>A task that completes when the event is handled.</returns>
    public virtual Task TokenValidated(TokenValidatedContext context) => OnTokenValidated(context);

    /// <summary>Runs when a request with a token was not authenticated.</summary>
    /// <param name="context">The event's context.</param>
    /// <returns>A task that completes when the event is handled.</returns>
    public virtual Task AuthenticationFailed(AuthenticationFailedContext context) => OnAuthenticationFailed(context);

    /// <summary>Runs before a challenge is written.</summary>
    /// <param name="context">The event's context.</param>
    /// <returns>A task that completes when the event is handled.</returns>
    public virtual Task Challenge(ChallengeContext context) => OnChallenge(context);

    /// <summary>Runs before 403 is written.</summary>
    /// <param name="context">The event's context.</param>
    /// <returns>A task that completes when the event is handled.</returns>
    public virtual Task Forbidden(ForbiddenContext context) => OnForbidden(context);

    /// <summary>Whether <see cref="MessageReceived"/> has a handler. Without one, a cache hit allocates no context.</summary>
    internal bool HandlesMessageReceived => OnMessageReceived != s_noMessageReceived || GetType() != typeof(OAuthIntrospectionEvents);

    /// <summary>Whether <see cref="Introspecting"/> has a handler.</summary>
    internal bool HandlesIntrospecting => OnIntrospecting != s_noIntrospecting || GetType() != typeof(OAuthIntrospectionEvents);

    /// <summary>Whether <see cref="ResponseReceived"/> has a handler.</summary>
    internal bool HandlesResponseReceived => OnResponseReceived != s_noResponseReceived || GetType() != typeof(OAuthIntrospectionEvents);

    /// <summary>Whether <see cref="TokenValidated"/> has a handler. Without one, a cache hit allocates no context.</summary>
    internal bool HandlesTokenValidated => OnTokenValidated != s_noTokenValidated || GetType() != typeof(OAuthIntrospectionEvents);
}
