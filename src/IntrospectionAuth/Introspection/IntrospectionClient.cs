using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Introspection;

/// <summary>Asks the authorization server about one token (RFC 7662, section 2). Whatever goes wrong on the way becomes "unavailable".</summary>
internal sealed class IntrospectionClient(IHttpClientFactory httpClients, IServiceScopeFactory scopes, ILogger<IntrospectionClient> logger)
{
    private readonly StringPool _strings = new();

    public async Task<IntrospectionResult> IntrospectAsync(string scheme, OAuthIntrospectionOptions options, string token)
    {
        TimeProvider time = options.TimeProvider ?? TimeProvider.System;
        DateTimeOffset askedAt = time.GetUtcNow();
        long started = time.GetTimestamp();

        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var message = new HttpRequestMessage(HttpMethod.Post, options.IntrospectionEndpoint);
        ClientAuthenticationContext request = CreateRequest(scheme, options, token, message, time, timeout.Token);

        IntrospectionResult result = await AuthenticateAsync(request, askedAt) ?? await RaiseIntrospectingAsync(request, askedAt) ?? await SendAsync(request, askedAt);
        logger.Introspected(scheme, result, time.GetElapsedTime(started));
        return result;
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
    private async Task<IntrospectionResult?> AuthenticateAsync(ClientAuthenticationContext request, DateTimeOffset askedAt)
    {
        ClientAuthenticationMethod method = request.Options.ClientAuthenticationMethod;
        try
        {
            await WithinTimeoutAsync(method.AuthenticateAsync(request).AsTask(), request);
            return null;
        }
        catch (Exception exception) when (!HasTimedOut(request))
        {
            logger.ClientAuthenticationFailed(request.Scheme, method.Name, exception);
            return IntrospectionResult.Unavailable(askedAt, RetryAfterReader.Default, exception);
        }
        catch (Exception exception)
        {
            return TimedOut(request, askedAt, exception);
        }
    }

    /// <returns>A result when the event did not end in time; otherwise null. What the event throws is not caught: it is the user's code.</returns>
    private async Task<IntrospectionResult?> RaiseIntrospectingAsync(ClientAuthenticationContext request, DateTimeOffset askedAt)
    {
        try
        {
            await WithinTimeoutAsync(RaiseAsync(new IntrospectingContext(request)), request);
            request.Request.Content = new FormUrlEncodedContent(request.Parameters);
            return null;
        }
        catch (OperationCanceledException exception) when (HasTimedOut(request))
        {
            return TimedOut(request, askedAt, exception);
        }
    }

    private async Task RaiseAsync(IntrospectingContext context)
    {
        if (context.Options.EventsType is not { } eventsType)
        {
            await context.Options.Events.Introspecting(context);
            return;
        }

        // Events that come from the container get a scope of their own, for the call belongs to no request.
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        await ((OAuthIntrospectionEvents)scope.ServiceProvider.GetRequiredService(eventsType)).Introspecting(context);
    }

    private async Task<IntrospectionResult> SendAsync(ClientAuthenticationContext request, DateTimeOffset askedAt)
    {
        try
        {
            using HttpClient client = httpClients.CreateClient(OAuthIntrospectionDefaults.GetHttpClientName(request.Scheme));
            Task<HttpResponseMessage> sending = client.SendAsync(request.Request, HttpCompletionOption.ResponseHeadersRead, request.CancellationToken);
            await WithinTimeoutAsync(sending, request);

            using HttpResponseMessage response = await sending;
            return await ReadAsync(request, response, askedAt);
        }
        catch (Exception exception) when (!HasTimedOut(request))
        {
            // Not only HttpRequestException: handlers that the user added throw what they like.
            logger.Unreachable(request.Scheme, exception);
            return IntrospectionResult.Unavailable(askedAt, RetryAfterReader.Default, exception);
        }
        catch (Exception exception)
        {
            return TimedOut(request, askedAt, exception);
        }
    }

    private static bool HasTimedOut(ClientAuthenticationContext request) => request.CancellationToken.IsCancellationRequested;

    private IntrospectionResult TimedOut(ClientAuthenticationContext request, DateTimeOffset askedAt, Exception exception)
    {
        logger.TimedOut(request.Scheme, request.Options.Timeout.TotalSeconds);
        return IntrospectionResult.Unavailable(askedAt, RetryAfterReader.Default, exception);
    }

    /// <summary>Code that ignores its cancellation must not outlast the timeout; what comes of it afterwards interests nobody.</summary>
    private static async Task WithinTimeoutAsync(Task task, ClientAuthenticationContext request)
    {
        try
        {
            await task.WaitAsync(request.CancellationToken);
        }
        catch (OperationCanceledException) when (HasTimedOut(request))
        {
            _ = task.ContinueWith(Discard, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }

    private static void Discard(Task abandoned)
    {
        _ = abandoned.Exception;
        if (abandoned is Task<HttpResponseMessage> { IsCompletedSuccessfully: true } sending)
            sending.Result.Dispose();
    }

    private async Task<IntrospectionResult> ReadAsync(ClientAuthenticationContext request, HttpResponseMessage response, DateTimeOffset askedAt)
    {
        bool usesPresentedToken = request.Options.ClientAuthenticationMethod.UsesPresentedToken;
        if (response.StatusCode == HttpStatusCode.Unauthorized && usesPresentedToken)
            return IntrospectionResult.Inactive(askedAt);

        TimeSpan retryAfter = RetryAfterReader.Read(response.Headers, request.TimeProvider.GetUtcNow());
        if (response.StatusCode != HttpStatusCode.OK)
        {
            bool isRefusal = response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
            if (isRefusal && !usesPresentedToken)
                logger.CredentialsRefused(request.Scheme, (int)response.StatusCode);
            else
                logger.UnexpectedStatus(request.Scheme, (int)response.StatusCode);
            return IntrospectionResult.Unavailable(askedAt, retryAfter);
        }

        Task<BodyReading> readingBody = ResponseBodyReader.ReadAsync(response.Content, request.Options.MaximumResponseLength, _strings, request.CancellationToken);
        await WithinTimeoutAsync(readingBody, request);
        BodyReading reading = await readingBody;
        if (reading.Fault is { } fault)
        {
            logger.NotAnAnswer(request.Scheme, fault);
            return IntrospectionResult.Unavailable(askedAt, retryAfter);
        }

        if (reading.HasClampedDate)
            logger.DateClamped(request.Scheme);

        return reading.Response is { } answer
            ? IntrospectionResult.Active(answer, askedAt, CacheControlReader.Read(response.Headers))
            : IntrospectionResult.Inactive(askedAt);
    }
}
