using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Discovery;

/// <summary>Asks an authorization server for its metadata, at each well-known URL until one has it. Whatever goes wrong becomes a value.</summary>
internal sealed class MetadataClient(IHttpClientFactory httpClients, RareMessages rare, ILogger<MetadataClient> logger)
{
    /// <summary>Asks within the timeout of an introspection.</summary>
    public Task<DiscoveryResult> AskAsync(IntrospectionScheme scheme, CancellationToken stopping) =>
        SharedFetch.RunAsync(
            scheme.Options,
            cancellation => AskEachAsync(scheme, cancellation),
            (fault, exception) => Fail(scheme, fault, exception),
            stopping
        );

    private DiscoveryResult Fail(IntrospectionScheme scheme, FetchFault fault, Exception exception)
    {
        if (fault != FetchFault.Unreachable)
        {
            return DiscoveryResult.NotFound(
                new(fault == FetchFault.Stopped ? UnavailableReason.Stopped : UnavailableReason.TimedOut) { Exception = exception }
            );
        }

        if (rare.IsDue(scheme.Name, nameof(Log.Unreachable), scheme.Time, out long suppressed))
            logger.Unreachable(scheme.Name, suppressed, exception);
        return DiscoveryResult.NotFound(new(UnavailableReason.Unreachable) { Exception = exception });
    }

    /// <summary>
    /// Asks at one URL after another until one has the metadata: a proxy in front may fail or hold up one path, and serve the next. A path
    /// that takes its time is not given up, but no longer keeps the others waiting.
    /// </summary>
    private async Task<DiscoveryResult> AskEachAsync(IntrospectionScheme scheme, CancellationToken cancellationToken)
    {
        OAuthIntrospectionOptions options = scheme.Options;
        Uri[] urls = WellKnownUrls.Of(options.Authority!);
        TimeSpan share = options.Timeout / urls.Length;
        TimeProvider time = options.TimeProvider ?? TimeProvider.System;
        var failures = new MetadataFailures();
        var asking = new List<Task<(Uri Url, MetadataReading Reading)>>();
        using HttpClient client = httpClients.CreateClient(OAuthIntrospectionDefaults.GetHttpClientName(scheme.Name));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            foreach (Uri url in urls)
            {
                Task passed = Task.Delay(share, time, ending.Token);
                Task<(Uri Url, MetadataReading Reading)> newest = AskAtAsync(client, url, options, ending.Token);
                asking.Add(newest);
                if (await FindFirstAsync(asking, newest, failures, passed) is { } metadata)
                    return DiscoveryResult.Found(metadata);
                if (failures.EndsSearch)
                    break;
            }

            ServerMetadata? late = await FindFirstAsync(
                asking,
                newest: null,
                failures,
                Task.Delay(Timeout.InfiniteTimeSpan, time, ending.Token)
            );
            cancellationToken.ThrowIfCancellationRequested();
            return late is not null ? DiscoveryResult.Found(late) : failures.ToResult();
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    /// <summary>
    /// Waits until one has the metadata, the newest or all have failed, or the time has passed; those that have failed are taken out.
    /// </summary>
    private static async Task<ServerMetadata?> FindFirstAsync(
        List<Task<(Uri Url, MetadataReading Reading)>> asking,
        Task? newest,
        MetadataFailures failures,
        Task passed
    )
    {
        while (asking.Count > 0 && !failures.EndsSearch)
        {
            await Task.WhenAny([.. asking, passed]);
            if (asking.Find(static it => it.IsCompleted) is not { } answered)
                return null;

            asking.Remove(answered);
            (Uri url, MetadataReading reading) = await answered;
            if (reading.Metadata is { } metadata)
                return metadata;
            failures.Add(url, reading);
            if (answered == newest)
                return null; // the next one need not wait
        }

        return null;
    }

    /// <summary>
    /// Asks at one URL. Whatever goes wrong becomes a value, so that a request nobody awaits any more leaves no unobserved exception.
    /// </summary>
    private static async Task<(Uri Url, MetadataReading Reading)> AskAtAsync(
        HttpClient client,
        Uri url,
        OAuthIntrospectionOptions options,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using HttpResponseMessage response = await client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );

            bool isInTrouble = response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
            return (
                url,
                isInTrouble
                    ? MetadataReading.Failed(RetryAfterReader.ReadUnexpectedStatus(response, options.Now))
                    : await ReadAsync(response, options, cancellationToken)
            );
        }
        catch (Exception exception)
        {
            return (url, MetadataReading.Failed(new(UnavailableReason.Unreachable) { Exception = exception }));
        }
    }

    private static async Task<MetadataReading> ReadAsync(
        HttpResponseMessage response,
        OAuthIntrospectionOptions options,
        CancellationToken cancellationToken
    )
    {
        if (response.StatusCode != HttpStatusCode.OK)
            return MetadataReading.NoDocument(string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}"));
        if (!ResponseBodyReader.IsJson(response.Content.Headers))
            return MetadataReading.NoDocument("its content type is not JSON" + MediaTypeText.But(response.Content.Headers));

        return await LimitedBody.ReadAsync(response.Content, options.MaximumResponseLength, cancellationToken) is { } body
            ? MetadataReader.Read(body, options)
            : MetadataReading.NoDocument("it is longer than MaximumResponseLength");
    }
}
