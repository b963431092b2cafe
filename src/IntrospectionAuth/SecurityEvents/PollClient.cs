using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.PushedRevocation;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.SecurityEvents;

/// <summary>Polls a transmitter once, within a timeout and a size limit. Every failure is a value.</summary>
internal sealed class PollClient(SecurityEventPollerOptions options, RequestSender sender, TimeProvider time)
{
    private static readonly HttpRequestOptionsKey<bool> s_allowsHttp = new("IntrospectionAuth.AllowsHttp");

    // Each token has a jti and punctuation around it.
    private readonly int _maximumLength = 64 * 1024 + options.MaximumEvents * (PushedTokenVerifier.MaximumLength + 1024);

    /// <summary>Whether no handler of the application may direct a poll to plain http.</summary>
    public static bool RequiresHttps(HttpRequestMessage request) => !(request.Options.TryGetValue(s_allowsHttp, out bool allows) && allows);

    /// <exception cref="OperationCanceledException">The application stops.</exception>
    public async Task<PollOutcome> PollAsync(PollAcknowledgements acknowledgements, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            Task<PollOutcome> polling = SendAsync(acknowledgements, either.Token);
            await polling.WithinTimeoutAsync(either.Token); // A handler that ignores its cancellation must not outlast the timeout.
            return await polling;
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            return new PollOutcome
            {
                Fault = either.IsCancellationRequested ? "there was no complete response in time" : "it could not be reached",
                Exception = exception,
            };
        }
    }

    private async Task<PollOutcome> SendAsync(PollAcknowledgements acknowledgements, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = CreateRequest(acknowledgements);
        using HttpResponseMessage response = await sender.SendAsync(
            OAuthIntrospectionDefaults.SecurityEventPollerHttpClientName,
            request,
            SecurityEventPollerExtensions.MaximumConnections,
            cancellationToken
        );

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new PollOutcome
            {
                Fault = $"it responded with {(int)response.StatusCode}",
                RequestedDelay = RetryAfterReader.Read(response.Headers, time.GetUtcNow()),
                IsRefused = response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableContent,
            };
        }

        if (!ContentType.IsJson(response.Content.Headers))
            return new PollOutcome { Fault = "the content type of its response is not JSON" };
        if (await LimitedBody.ReadAsync(response.Content, _maximumLength, cancellationToken) is not { } body)
            return new PollOutcome { Fault = "its response is too long" };

        Reading<PollResponse> reading = PollMessages.Read(body);
        return new PollOutcome
        {
            Response = reading.Value,
            Fault = reading.Fault is { } fault ? $"its response is unusable, {fault}" : null,
        };
    }

    private HttpRequestMessage CreateRequest(PollAcknowledgements acknowledgements)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, options.Endpoint);
        request.Options.Set(s_allowsHttp, ServerUrl.IsExposed(request.RequestUri!)); // such an endpoint needs RequireHttps to be off
        request.Content = new ByteArrayContent(PollMessages.Write(options, acknowledgements));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (acknowledgements.Refused.Count > 0) // RFC 8936, section 2.6: the language of the descriptions
            request.Content.Headers.ContentLanguage.Add(SecurityEventError.Language);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (options.Authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", options.Authorization);
        return request;
    }
}
