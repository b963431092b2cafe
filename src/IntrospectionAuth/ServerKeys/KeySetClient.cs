using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.ServerKeys;

/// <summary>Fetches an authorization server's keys. Whatever goes wrong becomes a value.</summary>
internal sealed class KeySetClient(IHttpClientFactory httpClients, RareMessages rare, ILogger<KeySetClient> logger)
{
    /// <summary>Fetches within the timeout of an introspection.</summary>
    public async Task<KeySetReading> FetchAsync(string scheme, Uri url, OAuthIntrospectionOptions options, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, options.TimeProvider ?? TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        Task<KeySetReading>? fetching = null;
        try
        {
            fetching = FetchAsync(scheme, url, options.MaximumResponseLength, either.Token);
            return await fetching.WaitAsync(either.Token); // a handler that ignores its cancellation must not outlast the timeout
        }
        catch (Exception exception) when (!either.IsCancellationRequested)
        {
            if (rare.IsDue(scheme, nameof(Log.Unreachable), options.TimeProvider ?? TimeProvider.System, out long suppressed))
                logger.Unreachable(scheme, suppressed, exception);
            return KeySetReading.Unreachable(exception);
        }
        catch (Exception exception)
        {
            _ = fetching?.ContinueWith(static abandoned => _ = abandoned.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return stopping.IsCancellationRequested ? KeySetReading.Stopped(exception) : KeySetReading.TimedOut(exception);
        }
    }

    private async Task<KeySetReading> FetchAsync(string scheme, Uri url, int maximumLength, CancellationToken cancellationToken)
    {
        using HttpClient client = httpClients.CreateClient(OAuthIntrospectionDefaults.GetHttpClientName(scheme));
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/jwk-set+json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));

        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
            return KeySetReading.OfStatus(response);

        try
        {
            await response.Content.LoadIntoBufferAsync(maximumLength, cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return KeySetReading.NotFound("it is longer than MaximumResponseLength");
        }

        // Whatever its content type says: servers in the field send several, and JSON that is a JWK set is nothing else.
        return KeySetReader.Read(await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }
}
