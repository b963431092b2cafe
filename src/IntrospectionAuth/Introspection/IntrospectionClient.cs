using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Introspection;

/// <summary>Asks the authorization server about one token (RFC 7662, section 2). Whatever goes wrong on the way becomes "unavailable".</summary>
internal sealed class IntrospectionClient(IHttpClientFactory httpClients, IServiceScopeFactory scopes, ILogger<IntrospectionClient> logger)
{
    public async Task<IntrospectionResult> IntrospectAsync(string scheme, OAuthIntrospectionOptions options, string token)
    {
        TimeProvider time = options.TimeProvider ?? TimeProvider.System;
        DateTimeOffset askedAt = time.GetUtcNow();
        long started = time.GetTimestamp();

        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var message = new HttpRequestMessage(HttpMethod.Post, options.IntrospectionEndpoint);
        ClientAuthenticationContext request = CreateRequest(scheme, options, token, message, time, timeout.Token);

        try
        {
            IntrospectionResult result = await PrepareAsync(request) ?? await SendAsync(request, askedAt);
            logger.Introspected(scheme, result, time.GetElapsedTime(started));
            return result;
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested)
        {
            logger.TimedOut(scheme, options.Timeout.TotalSeconds);
            return IntrospectionResult.Unavailable(askedAt, RetryAfterReader.Default, exception);
        }
    }

    private static ClientAuthenticationContext CreateRequest(
        string scheme, OAuthIntrospectionOptions options, string token, HttpRequestMessage message, TimeProvider time, CancellationToken cancellationToken)
    {
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));

        var parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["token"] = token };
        if (!string.IsNullOrEmpty(options.TokenTypeHint))
            parameters["token_type_hint"] = options.TokenTypeHint;
        foreach ((string name, string value) in options.IntrospectionParameters)
            parameters[name] = value;

        return new ClientAuthenticationContext
        {
            Scheme = scheme,
            Options = options,
            Token = token,
            Request = message,
            Parameters = parameters,
            TimeProvider = time,
            CancellationToken = cancellationToken,
        };
    }

    /// <returns>A result when the request cannot be authenticated; otherwise null.</returns>
    private async Task<IntrospectionResult?> PrepareAsync(ClientAuthenticationContext request)
    {
        try
        {
            // WaitAsync: code that ignores its cancellation must not outlive the timeout.
            await request.Options.ClientAuthenticationMethod.AuthenticateAsync(request).AsTask().WaitAsync(request.CancellationToken);
        }
        catch (Exception exception) when (!request.CancellationToken.IsCancellationRequested)
        {
            logger.ClientAuthenticationFailed(request.Scheme, request.Options.ClientAuthenticationMethod.Name, exception);
            return IntrospectionResult.Unavailable(request.TimeProvider.GetUtcNow(), RetryAfterReader.Default, exception);
        }

        await RaiseIntrospectingAsync(new IntrospectingContext(request)).WaitAsync(request.CancellationToken);
        request.Request.Content = new FormUrlEncodedContent(request.Parameters);
        return null;
    }

    /// <summary>The user's code: what it throws is not caught. Events that come from the container get a scope of their own, for the call belongs to no request.</summary>
    private async Task RaiseIntrospectingAsync(IntrospectingContext context)
    {
        if (context.Options.EventsType is not { } eventsType)
        {
            await context.Options.Events.Introspecting(context);
            return;
        }

        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        await ((OAuthIntrospectionEvents)scope.ServiceProvider.GetRequiredService(eventsType)).Introspecting(context);
    }

    private async Task<IntrospectionResult> SendAsync(ClientAuthenticationContext request, DateTimeOffset askedAt)
    {
        try
        {
            using HttpClient client = httpClients.CreateClient(OAuthIntrospectionDefaults.GetHttpClientName(request.Scheme));
            using HttpResponseMessage response = await client
                .SendAsync(request.Request, HttpCompletionOption.ResponseHeadersRead, request.CancellationToken)
                .WaitAsync(request.CancellationToken);

            return await ReadAsync(request, response, askedAt);
        }
        catch (Exception exception) when (!request.CancellationToken.IsCancellationRequested)
        {
            // Not only HttpRequestException: handlers that the user added throw what they like.
            logger.Unreachable(request.Scheme, exception);
            return IntrospectionResult.Unavailable(askedAt, RetryAfterReader.Default, exception);
        }
    }

    private async Task<IntrospectionResult> ReadAsync(ClientAuthenticationContext request, HttpResponseMessage response, DateTimeOffset askedAt)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized && request.Options.ClientAuthenticationMethod.UsesPresentedToken)
            return IntrospectionResult.Inactive(askedAt);

        TimeSpan retryAfter = RetryAfterReader.Read(response.Headers, request.TimeProvider.GetUtcNow());
        if (response.StatusCode != HttpStatusCode.OK)
        {
            if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                logger.CredentialsRefused(request.Scheme, (int)response.StatusCode);
            else
                logger.UnexpectedStatus(request.Scheme, (int)response.StatusCode);
            return IntrospectionResult.Unavailable(askedAt, retryAfter);
        }

        BodyReading reading = await ResponseBodyReader.ReadAsync(response.Content, request.Options.MaximumResponseLength, request.CancellationToken);
        if (reading.Fault is { } fault)
        {
            logger.NotAnAnswer(request.Scheme, fault);
            return IntrospectionResult.Unavailable(askedAt, retryAfter);
        }

        if (reading.HasClampedDate)
            logger.DateClamped(request.Scheme);

        return reading.Response is { } answer
            ? IntrospectionResult.Active(answer, askedAt, ReadServerMaximumAge(response.Headers.CacheControl))
            : IntrospectionResult.Inactive(askedAt);
    }

    private static TimeSpan? ReadServerMaximumAge(CacheControlHeaderValue? cacheControl) =>
        cacheControl is null ? null
        : cacheControl.NoStore || cacheControl.NoCache ? TimeSpan.Zero
        : cacheControl.MaxAge;
}
