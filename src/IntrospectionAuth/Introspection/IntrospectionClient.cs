using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Introspection;

/// <summary>Sends one token to the introspection endpoint and reads the response (RFC 7662, section 2).</summary>
internal sealed class IntrospectionClient(
    RequestSender sender,
    ClientAuthenticator authenticator,
    EventRaiser events,
    ResponseAdapter adapter,
    ResponseMessageReader responses,
    ExchangeRecorder recorder,
    RareMessages rare,
    ILogger<IntrospectionClient> logger
)
{
    /// <returns>The result. Only exceptions of the event handlers are thrown.</returns>
    public async Task<IntrospectionResult> SendAsync(IntrospectionCall call, CallCredential credential)
    {
        DateTimeOffset askedAt = call.Scheme.Now;
        long started = call.Scheme.Time.GetTimestamp();
        using var message = new HttpRequestMessage(HttpMethod.Post, call.Endpoint);
        ClientAuthenticationContext request = CreateRequest(call, message, credential);
        using ExchangeRecording? recording = recorder.Begin(request);

        Unavailability? notSent = await AuthenticateAsync(request) ?? await RaiseIntrospectingAsync(request);
        IntrospectionResult result = notSent is null
            ? await ExchangeAsync(request, recording, askedAt, started)
            : IntrospectionResult.Unavailable(askedAt, notSent);
        if (recording is not null)
            call.Add(recording.End(result));
        logger.Introspected(call.Scheme.Name, result, call.Scheme.Time.GetElapsedTime(started));
        return result;
    }

    private ClientAuthenticationContext CreateRequest(IntrospectionCall call, HttpRequestMessage message, CallCredential credential)
    {
        OAuthIntrospectionOptions options = call.Options;
        message.Headers.Accept.Add(
            new MediaTypeWithQualityHeaderValue(options.RequireSignedResponse ? ResponseBodyReader.SignedMediaType : "application/json")
        );

        var parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["token"] = call.Token };
        if (!string.IsNullOrEmpty(options.TokenTypeHint))
            parameters["token_type_hint"] = options.TokenTypeHint;
        foreach ((string name, string value) in options.IntrospectionParameters)
            parameters[name] = value;

        ClientAuthenticationContext request = authenticator.CreateContext(
            call.Scheme,
            message,
            parameters,
            credential,
            call.Stopping,
            call.CancellationToken
        );
        request.Token = call.Token;
        request.ServerKeysUrl = call.Metadata?.KeysUrl;
        return request;
    }

    /// <returns>Why the request is not sent; null when it is authenticated.</returns>
    private async Task<Unavailability?> AuthenticateAsync(ClientAuthenticationContext request)
    {
        Unavailability? failure = await authenticator.AuthenticateAsync(request, request.Options.ClientAuthenticationMethod);
        return failure ?? (request.Credential.IsRefusedOne ? new(UnavailableReason.Refused) : null);
    }

    /// <returns>Why the request is not sent; null when the event has ended in time, or has no handler.</returns>
    private async Task<Unavailability?> RaiseIntrospectingAsync(ClientAuthenticationContext request)
    {
        try
        {
            bool isHandled = request.Options.EventsType is not null || request.Options.Events.HandlesIntrospecting;
            if (isHandled && !await events.RaiseAsync(request, handler => handler.Introspecting(new IntrospectingContext(request))))
                return new(UnavailableReason.TooManyCalls);

            request.Request.Content = new FormUrlEncodedContent(request.Parameters);
            return null;
        }
        catch (OperationCanceledException exception) when (request.HasTimedOut)
        {
            return request.TimedOut(UnavailableReason.ApplicationTimedOut, exception);
        }
    }

    private async Task<IntrospectionResult> ExchangeAsync(
        ClientAuthenticationContext request,
        ExchangeRecording? recording,
        DateTimeOffset askedAt,
        long started
    )
    {
        TimeSpan applicationTime = request.TimeProvider.GetElapsedTime(started);
        bool isEventRaised = false; // what an event handler throws is not caught
        try
        {
            using HttpResponseMessage response = await sender.SendAsync(
                OAuthIntrospectionDefaults.GetHttpClientName(request.Scheme),
                request.Request,
                request.Options.Resilience.MaximumConcurrentCalls,
                request.CancellationToken
            );
            if (recording is not null)
                await recording.AttachAsync(response);
            if (ResponseAdapter.IsWanted(request.Options))
            {
                if (await ResponseAdapter.ReceiveAsync(request, response) is { } body)
                {
                    isEventRaised = true;
                    if (!await adapter.AdaptAsync(request, response, body))
                        return IntrospectionResult.Unavailable(askedAt, new(UnavailableReason.TooManyCalls));
                    isEventRaised = false;
                }
                else if (ReadTooLong(response) is { } tooLong)
                {
                    return IntrospectionResult.Unavailable(askedAt, tooLong);
                }
            }

            return await responses.ReadAsync(request, response, askedAt);
        }
        catch (OperationCanceledException exception) when (isEventRaised && request.HasTimedOut)
        {
            return IntrospectionResult.Unavailable(askedAt, request.TimedOut(UnavailableReason.ApplicationTimedOut, exception));
        }
        catch (Exception exception) when (!isEventRaised && request.HasTimedOut)
        {
            Unavailability timedOut = request.TimedOut(UnavailableReason.TimedOut, exception);
            return IntrospectionResult.Unavailable(askedAt, timedOut with { ApplicationTime = applicationTime, Url = UrlOf(request) });
        }
        catch (Exception exception) when (!isEventRaised)
        {
            // Not only HttpRequestException: handlers that the user added may throw any exception.
            var unavailability = new Unavailability(UnavailableReason.Unreachable)
            {
                Exception = exception,
                Url = UrlOf(request),
                PresentsCertificate = request.Options.PresentsCertificate,
            };
            if (rare.IsDue(request.Scheme, nameof(Log.Unreachable), request.TimeProvider, out long suppressed))
                logger.Unreachable(request.Scheme, unavailability, suppressed);
            return IntrospectionResult.Unavailable(askedAt, unavailability);
        }
    }

    private static string? UrlOf(ClientAuthenticationContext request) => ServerUrl.Describe(request.Request.RequestUri);

    /// <returns>
    /// Why the response is unusable, if it has status 200; otherwise null: the status is enough, and the body is dropped.
    /// </returns>
    private static Unavailability? ReadTooLong(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.OK)
            return new(UnavailableReason.InvalidResponse) { Fault = BodyReading.TooLong.Fault };

        response.Content.Dispose();
        response.Content = new ByteArrayContent([]);
        return null;
    }
}
