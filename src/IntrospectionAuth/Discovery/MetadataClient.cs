using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Introspection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Discovery;

/// <summary>Asks an authorization server for its metadata, at each well-known URL until one has it. Whatever goes wrong becomes a value.</summary>
internal sealed class MetadataClient(IHttpClientFactory httpClients, RareMessages rare, ILogger<MetadataClient> logger)
{
    /// <summary>Asks within the timeout of an introspection.</summary>
    public async Task<DiscoveryResult> AskAsync(string scheme, OAuthIntrospectionOptions options, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, options.TimeProvider ?? TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        Task<DiscoveryResult>? asking = null;
        try
        {
            CancellationToken cancellation = either.Token;
            asking = SharedRequest.AskAsync(options, () => AskOnceAsync(scheme, options, cancellation), static result => result.Unavailability);
            return await asking.WaitAsync(cancellation); // a handler that ignores its cancellation must not outlast the timeout
        }
        catch (Exception exception) when (either.IsCancellationRequested)
        {
            _ = asking?.ContinueWith(static abandoned => _ = abandoned.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            UnavailableReason reason = stopping.IsCancellationRequested ? UnavailableReason.Stopped : UnavailableReason.TimedOut;
            return DiscoveryResult.NotFound(new(reason) { Exception = exception, HadWholeTimeout = true });
        }
    }

    private async Task<DiscoveryResult> AskOnceAsync(string scheme, OAuthIntrospectionOptions options, CancellationToken cancellation)
    {
        try
        {
            return await AskEachAsync(scheme, options, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            if (rare.IsDue(scheme, nameof(Log.Unreachable), options.TimeProvider ?? TimeProvider.System, out long suppressed))
                logger.Unreachable(scheme, suppressed, exception);
            return DiscoveryResult.NotFound(new(UnavailableReason.Unreachable) { Exception = exception });
        }
    }

    private async Task<DiscoveryResult> AskEachAsync(string scheme, OAuthIntrospectionOptions options, CancellationToken cancellationToken)
    {
        using HttpClient client = httpClients.CreateClient(OAuthIntrospectionDefaults.GetHttpClientName(scheme));
        var faults = new List<string>();
        foreach (Uri url in WellKnownUrls.Of(options.Authority!))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

            // Such a server has not said that the metadata is elsewhere.
            if (response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
                return DiscoveryResult.NotFound(Unavailability.OfStatus(response, options.Now));

            MetadataReading reading = await ReadAsync(response, options, cancellationToken);
            if (reading.Metadata is { } metadata)
                return DiscoveryResult.Found(metadata);

            faults.Add($"{url.AbsolutePath}: {reading.Fault}");
        }

        return DiscoveryResult.NotFound(new(UnavailableReason.NotDiscovered) { Fault = string.Join("; ", faults) });
    }

    private static async Task<MetadataReading> ReadAsync(HttpResponseMessage response, OAuthIntrospectionOptions options, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.OK)
            return MetadataReading.NotMetadata(string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}"));
        if (!ResponseBodyReader.IsJson(response.Content.Headers))
            return MetadataReading.NotMetadata("its content type is not JSON");

        try
        {
            await response.Content.LoadIntoBufferAsync(options.MaximumResponseLength, cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return MetadataReading.NotMetadata("it is longer than MaximumResponseLength");
        }

        return MetadataReader.Read(await response.Content.ReadAsByteArrayAsync(cancellationToken), options);
    }
}
