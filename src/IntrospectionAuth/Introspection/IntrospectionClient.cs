using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Certificates;
using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Introspection;

/// <summary>Asks the authorization server about one token (RFC 7662, section 2). Whatever goes wrong on the way becomes "unavailable".</summary>
internal sealed class IntrospectionClient(
    IHttpClientFactory httpClients,
    IServiceScopeFactory scopes,
    KeyFiles keyFiles,
    ClientCertificates certificates,
    ResponseMessageReader responses,
    ResponseAdapter adapter,
    RareMessages rare,
    ApplicationCode application,
    ILogger<IntrospectionClient> logger
)
{
    /// <summary>Asks once.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="endpoint">Where to ask.</param>
    /// <param name="serverKeysUrl">Where the keys lie by which a signed answer is verified; null when none is required.</param>
    /// <param name="token">The token.</param>
    /// <param name="credential">The credential of this attempt.</param>
    /// <param name="stopping">Cancelled when the application stops: then nothing is an error any more.</param>
    /// <param name="cancellationToken">Cancelled when the timeout has passed, or the application stops.</param>
    /// <returns>The result. Only what the event handler throws is thrown.</returns>
    public async Task<IntrospectionResult> IntrospectAsync(
        IntrospectionScheme scheme,
        Uri endpoint,
        Uri? serverKeysUrl,
        string token,
        CallCredential credential,
        CancellationToken stopping,
        CancellationToken cancellationToken
    )
    {
        TimeProvider time = scheme.Time;
        DateTimeOffset askedAt = time.GetUtcNow();
        long started = time.GetTimestamp();

        using var message = new HttpRequestMessage(HttpMethod.Post, endpoint);
        ClientAuthenticationContext request = CreateRequest(scheme, serverKeysUrl, token, message, credential, stopping, cancellationToken);

        IntrospectionResult result =
            await AuthenticateAsync(request, askedAt)
            ?? await RaiseIntrospectingAsync(request, askedAt)
            ?? await SendAsync(request, askedAt, started);
        logger.Introspected(scheme.Name, result, time.GetElapsedTime(started));
        return result;
    }

    private ClientAuthenticationContext CreateRequest(
        IntrospectionScheme scheme,
        Uri? serverKeysUrl,
        string token,
        HttpRequestMessage message,
        CallCredential credential,
        CancellationToken stopping,
        CancellationToken cancellationToken
    )
    {
        OAuthIntrospectionOptions options = scheme.Options;
        message.Headers.Accept.Add(
            new MediaTypeWithQualityHeaderValue(options.RequireSignedResponse ? SignedResponseReader.MediaType : "application/json")
        );

        var parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["token"] = token };
        if (!string.IsNullOrEmpty(options.TokenTypeHint))
            parameters["token_type_hint"] = options.TokenTypeHint;
        foreach ((string name, string value) in options.IntrospectionParameters)
            parameters[name] = value;

        return new ClientAuthenticationContext
        {
            IntrospectionScheme = scheme,
            Token = token,
            Request = message,
            Parameters = parameters,
            KeyFiles = keyFiles,
            Certificates = certificates,
            Credential = credential,
            ServerKeysUrl = serverKeysUrl,
            Stopping = stopping,
            CancellationToken = cancellationToken,
        };
    }

    /// <returns>A result when the request cannot be authenticated, or only in vain; otherwise null.</returns>
    private async Task<IntrospectionResult?> AuthenticateAsync(ClientAuthenticationContext request, DateTimeOffset askedAt)
    {
        ClientAuthenticationMethod method = request.Options.ClientAuthenticationMethod;
        try
        {
            if (!await application.RunAsync(request, () => method.AuthenticateAsync(request).AsTask()))
                return IntrospectionResult.Unavailable(askedAt, new(UnavailableReason.TooManyCalls));

            request.Credential.Settle();
            return request.Credential.IsRefusedOne ? IntrospectionResult.Unavailable(askedAt, new(UnavailableReason.Refused)) : null;
        }
        catch (Exception exception) when (!request.HasTimedOut)
        {
            if (rare.IsDue(request.Scheme, nameof(Log.ClientAuthenticationFailed), request.TimeProvider, out long suppressed))
                logger.ClientAuthenticationFailed(request.Scheme, method.Name, suppressed, exception);
            return IntrospectionResult.Unavailable(askedAt, new(UnavailableReason.ClientAuthenticationFailed) { Exception = exception });
        }
        catch (Exception exception)
        {
            return TimedOut(request, askedAt, exception, UnavailableReason.ApplicationTimedOut);
        }
    }

    /// <returns>
    /// A result when the event did not end in time; otherwise null. What the event throws is not caught: it is the user's code.
    /// </returns>
    private async Task<IntrospectionResult?> RaiseIntrospectingAsync(ClientAuthenticationContext request, DateTimeOffset askedAt)
    {
        try
        {
            bool isHandled = request.Options.EventsType is not null || request.Options.Events.HandlesIntrospecting;
            if (isHandled && !await application.RunAsync(request, () => RaiseAsync(new IntrospectingContext(request))))
                return IntrospectionResult.Unavailable(askedAt, new(UnavailableReason.TooManyCalls));

            request.Request.Content = new FormUrlEncodedContent(request.Parameters);
            return null;
        }
        catch (OperationCanceledException exception) when (request.HasTimedOut)
        {
            return TimedOut(request, askedAt, exception, UnavailableReason.ApplicationTimedOut);
        }
    }

    private async Task RaiseAsync(IntrospectingContext context)
    {
        if (context.Options.EventsType is null)
        {
            await context.Options.Events.Introspecting(context);
            return;
        }

        // Events that come from the container get a scope of their own, for the call belongs to no request.
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        await context.Options.EventsIn(scope.ServiceProvider).Introspecting(context);
    }

    private async Task<IntrospectionResult> SendAsync(ClientAuthenticationContext request, DateTimeOffset askedAt, long started)
    {
        TimeSpan preparation = request.TimeProvider.GetElapsedTime(started);
        HttpResponseMessage? response = null;
        byte[]? body = null;
        bool isAdapted = ResponseAdapter.IsWanted(request.Options);
        try
        {
            IntrospectionResult? failure = await TryAsync(
                request,
                askedAt,
                preparation,
                async () =>
                {
                    response = await SendAsync(request);
                    body = isAdapted ? await ResponseAdapter.ReceiveAsync(request, response) : null;
                    return isAdapted && body is null ? ReadTooLong(response, askedAt) : null;
                }
            );
            failure ??= body is null ? null : await AdaptAsync(request, response!, body, askedAt);
            return failure
                ?? (await TryAsync(request, askedAt, preparation, async () => await responses.ReadAsync(request, response!, askedAt)))!;
        }
        finally
        {
            response?.Dispose();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(ClientAuthenticationContext request)
    {
        using HttpClient client = httpClients.CreateClient(OAuthIntrospectionDefaults.GetHttpClientName(request.Scheme));
        Task<HttpResponseMessage> sending = client.SendAsync(
            request.Request,
            HttpCompletionOption.ResponseHeadersRead,
            request.CancellationToken
        );
        await sending.WithinTimeoutAsync(request);
        return await sending;
    }

    /// <returns>
    /// Not an answer, where it would have been one by its status; otherwise null: the status says enough, and the body is left out.
    /// </returns>
    private static IntrospectionResult? ReadTooLong(HttpResponseMessage response, DateTimeOffset askedAt)
    {
        if (response.StatusCode == HttpStatusCode.OK)
            return IntrospectionResult.Unavailable(askedAt, new(UnavailableReason.InvalidResponse) { Fault = BodyReading.TooLong.Fault });

        response.Content.Dispose();
        response.Content = new ByteArrayContent([]);
        return null;
    }

    /// <returns>
    /// A result when the event did not end in time; otherwise null. What the event throws is not caught: it is the user's code.
    /// </returns>
    private async Task<IntrospectionResult?> AdaptAsync(
        ClientAuthenticationContext request,
        HttpResponseMessage response,
        byte[] body,
        DateTimeOffset askedAt
    )
    {
        try
        {
            return await adapter.AdaptAsync(request, response, body)
                ? null
                : IntrospectionResult.Unavailable(askedAt, new(UnavailableReason.TooManyCalls));
        }
        catch (OperationCanceledException exception) when (request.HasTimedOut)
        {
            return TimedOut(request, askedAt, exception, UnavailableReason.ApplicationTimedOut);
        }
    }

    /// <summary>Takes a step of the exchange with the server; what goes wrong becomes a result.</summary>
    private async Task<IntrospectionResult?> TryAsync(
        ClientAuthenticationContext request,
        DateTimeOffset askedAt,
        TimeSpan preparation,
        Func<Task<IntrospectionResult?>> step
    )
    {
        try
        {
            return await step();
        }
        catch (Exception exception) when (!request.HasTimedOut)
        {
            // Not only HttpRequestException: handlers that the user added throw what they like.
            if (rare.IsDue(request.Scheme, nameof(Log.Unreachable), request.TimeProvider, out long suppressed))
                logger.Unreachable(request.Scheme, suppressed, exception);
            return IntrospectionResult.Unavailable(askedAt, new(UnavailableReason.Unreachable) { Exception = exception });
        }
        catch (Exception exception)
        {
            return TimedOut(request, askedAt, exception, UnavailableReason.TimedOut, preparation);
        }
    }

    private static IntrospectionResult TimedOut(
        ClientAuthenticationContext request,
        DateTimeOffset askedAt,
        Exception exception,
        UnavailableReason reason,
        TimeSpan applicationTime = default
    )
    {
        if (request.Stopping.IsCancellationRequested)
            return IntrospectionResult.Unavailable(askedAt, new(UnavailableReason.Stopped) { Exception = exception });

        return IntrospectionResult.Unavailable(askedAt, new(reason) { Exception = exception, ApplicationTime = applicationTime });
    }
}
