using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Fetching;
using IntrospectionAuth.Introspection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Discovery;

/// <summary>Asks an authorization server for its metadata, at each well-known URL until one has it. Whatever goes wrong becomes a value.</summary>
internal sealed class MetadataClient(IHttpClientFactory httpClients, RareMessages rare, ILogger<MetadataClient> logger)
{
    /// <summary>Asks within the timeout of an introspection.</summary>
    public Task<DiscoveryResult> AskAsync(string scheme, OAuthIntrospectionOptions options, CancellationToken stopping) =>
        SharedFetch.RunAsync(options, cancellation => AskEachAsync(scheme, options, cancellation), (fault, exception) => Fail(scheme, options, fault, exception), stopping);

    private DiscoveryResult Fail(string scheme, OAuthIntrospectionOptions options, FetchFault fault, Exception exception)
    {
        if (fault != FetchFault.Unreachable)
            return DiscoveryResult.NotFound(new(fault == FetchFault.Stopped ? UnavailableReason.Stopped : UnavailableReason.TimedOut) { Exception = exception, HadWholeTimeout = true });

        if (rare.IsDue(scheme, nameof(Log.Unreachable), options.TimeProvider ?? TimeProvider.System, out long suppressed))
            logger.Unreachable(scheme, suppressed, exception);
        return DiscoveryResult.NotFound(new(UnavailableReason.Unreachable) { Exception = exception });
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
            return MetadataReading.NotMetadata("its content type is not JSON" + MediaTypeText.But(response.Content.Headers));

        return await LimitedBody.ReadAsync(response.Content, options.MaximumResponseLength, cancellationToken) is { } body
            ? MetadataReader.Read(body, options)
            : MetadataReading.NotMetadata("it is longer than MaximumResponseLength");
    }
}
