using System.Net.Http.Headers;
using IntrospectionAuth.Outcomes;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Http;

/// <summary>
/// Fetches a document from an authorization server on behalf of every caller that waits for it: within
/// <see cref="OAuthIntrospectionOptions.Timeout"/>, and again after a failure that may be momentary. Every failure is a value.
/// </summary>
/// <remarks>
/// The circuit breaker does not retry such a fetch: each waiting caller would count as a failure, and together they would open the circuit.
/// </remarks>
internal sealed class ServerFetch(RequestSender sender, RareMessages rare, ILogger<ServerFetch> logger)
{
    /// <summary>Runs attempts until one succeeds, fails for good, or the time is up.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="attempt">Fetches once.</param>
    /// <param name="stopping">Cancelled when the application stops.</param>
    /// <param name="findTimeoutCause">Decides who used up the time; null when only the authorization server can.</param>
    public async Task<Outcome<T>> RunAsync<T>(
        IntrospectionScheme scheme,
        Func<CancellationToken, Task<Outcome<T>>> attempt,
        CancellationToken stopping,
        Func<UnavailableReason>? findTimeoutCause = null
    )
        where T : class
    {
        using var timeout = new CancellationTokenSource(scheme.Options.Timeout, scheme.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            // A handler that ignores its cancellation must not outlast the timeout.
            Task<Outcome<T>> running = RetryAsync(scheme, attempt, either.Token);
            await running.WithinTimeoutAsync(either.Token);
            return await running;
        }
        catch (Exception exception) when (either.IsCancellationRequested)
        {
            UnavailableReason reason =
                stopping.IsCancellationRequested ? UnavailableReason.Stopped
                : findTimeoutCause is null ? UnavailableReason.TimedOut
                : findTimeoutCause();
            return new Unavailability(reason) { Exception = exception };
        }
    }

    /// <summary>Sends a request with the scheme's own HTTP client.</summary>
    public Task<HttpResponseMessage> SendAsync(
        IntrospectionScheme scheme,
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) =>
        sender.SendAsync(
            OAuthIntrospectionDefaults.GetHttpClientName(scheme.Name),
            request,
            scheme.Options.Resilience.MaximumConcurrentCalls,
            cancellationToken
        );

    /// <summary>Requests a document with the scheme's own HTTP client.</summary>
    public async Task<HttpResponseMessage> GetAsync(
        IntrospectionScheme scheme,
        Uri url,
        CancellationToken cancellationToken,
        params string[] acceptedMediaTypes
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (string mediaType in acceptedMediaTypes)
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(mediaType));
        return await SendAsync(scheme, request, cancellationToken);
    }

    /// <summary>Reads the JSON document of a response with status 200.</summary>
    /// <param name="content">The content of the response.</param>
    /// <param name="options">The options of the scheme.</param>
    /// <param name="read">Reads the body.</param>
    /// <param name="cancellationToken">Cancelled when the timeout has passed, or the application stops.</param>
    /// <param name="secrets">Values that a fault must not show.</param>
    public static async Task<Reading<T>> ReadJsonAsync<T>(
        HttpContent content,
        OAuthIntrospectionOptions options,
        Func<byte[], Reading<T>> read,
        CancellationToken cancellationToken,
        params string?[] secrets
    ) =>
        ContentType.IsJson(content.Headers)
            ? await ReadAsync(content, options, read, cancellationToken)
            : Reading<T>.Unusable("its content type is not JSON" + ContentType.Describe(content.Headers, secrets));

    /// <summary>Reads the document of a response with status 200, regardless of its content type.</summary>
    public static async Task<Reading<T>> ReadAsync<T>(
        HttpContent content,
        OAuthIntrospectionOptions options,
        Func<byte[], Reading<T>> read,
        CancellationToken cancellationToken
    ) =>
        await LimitedBody.ReadAsync(content, options.MaximumResponseLength, cancellationToken) is { } body
            ? read(body)
            : Reading<T>.Unusable("it is longer than MaximumResponseLength");

    private async Task<Outcome<T>> RetryAsync<T>(
        IntrospectionScheme scheme,
        Func<CancellationToken, Task<Outcome<T>>> attempt,
        CancellationToken cancellationToken
    )
        where T : class
    {
        for (int left = scheme.Options.Resilience.Enabled ? scheme.Options.Resilience.Retries : 0; ; left--)
        {
            Outcome<T> outcome = await TryAsync(scheme, attempt, cancellationToken);
            if (outcome.Unavailability is not { MayBeRetried: true } unavailability)
                return outcome;
            if (left == 0)
                return unavailability with { WasRetried = true };
        }
    }

    private async Task<Outcome<T>> TryAsync<T>(
        IntrospectionScheme scheme,
        Func<CancellationToken, Task<Outcome<T>>> attempt,
        CancellationToken cancellationToken
    )
        where T : class
    {
        try
        {
            return await attempt(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var unavailability = new Unavailability(UnavailableReason.Unreachable)
            {
                Exception = exception,
                PresentsCertificate = scheme.Options.PresentsCertificate,
            };
            if (rare.IsDue(scheme.Name, nameof(Log.Unreachable), scheme.Time, out long suppressed))
                logger.Unreachable(scheme.Name, unavailability, suppressed);
            return unavailability;
        }
    }
}
