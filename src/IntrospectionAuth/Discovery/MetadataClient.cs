using System.Globalization;
using System.Net;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Discovery;

/// <summary>Fetches an authorization server's metadata: from each well-known URL until one has it.</summary>
internal sealed class MetadataClient(ServerFetch fetch)
{
    public Task<Outcome<ServerMetadata>> FetchAsync(IntrospectionScheme scheme, MetadataNeeds needs, CancellationToken stopping) =>
        fetch.RunAsync(scheme, cancellation => FetchOnceAsync(scheme, needs, cancellation), stopping);

    /// <summary>
    /// Tries one URL after another until one has the metadata: a proxy may fail or delay one path, and serve the next. A slow path is not
    /// abandoned, but the next one does not wait for it.
    /// </summary>
    private async Task<Outcome<ServerMetadata>> FetchOnceAsync(
        IntrospectionScheme scheme,
        MetadataNeeds needs,
        CancellationToken cancellationToken
    )
    {
        OAuthIntrospectionOptions options = scheme.Options;
        Uri[] urls = WellKnownUrls.Of(options.Authority!);
        TimeSpan share = options.Timeout / urls.Length;
        var failures = new MetadataFailures();
        var running = new List<Task<MetadataAttempt>>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            foreach (Uri url in urls)
            {
                Task passed = Task.Delay(share, scheme.Time, ending.Token);
                Task<MetadataAttempt> newest = FetchFromAsync(scheme, url, needs, ending.Token);
                running.Add(newest);
                if (await FindFirstAsync(running, newest, failures, passed) is { } metadata)
                    return metadata;
                if (failures.EndsSearch)
                    break;
            }

            ServerMetadata? late = await FindFirstAsync(
                running,
                newest: null,
                failures,
                Task.Delay(Timeout.InfiniteTimeSpan, scheme.Time, ending.Token)
            );
            cancellationToken.ThrowIfCancellationRequested();
            return late is not null ? late : failures.ToUnavailability();
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    /// <summary>
    /// Waits until one URL has the metadata, the newest or all have failed, or the time has passed. Removes those that have failed.
    /// </summary>
    private static async Task<ServerMetadata?> FindFirstAsync(
        List<Task<MetadataAttempt>> running,
        Task? newest,
        MetadataFailures failures,
        Task passed
    )
    {
        while (running.Count > 0 && !failures.EndsSearch)
        {
            await Task.WhenAny([.. running, passed]);
            if (running.Find(static it => it.IsCompleted) is not { } ended)
                return null;

            running.Remove(ended);
            MetadataAttempt attempt = await ended;
            if (attempt.Outcome.Value is { } metadata)
                return metadata;
            failures.Add(attempt);
            if (ended == newest)
                return null; // The next URL need not wait.
        }

        return null;
    }

    /// <summary>Fetches from one URL. An exception is a value too: an abandoned attempt leaves none unobserved.</summary>
    private async Task<MetadataAttempt> FetchFromAsync(
        IntrospectionScheme scheme,
        Uri url,
        MetadataNeeds needs,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using HttpResponseMessage response = await fetch.GetAsync(scheme, url, cancellationToken, "application/json");
            if (response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
                return new(url, RetryAfterReader.ReadUnexpectedStatus(response, scheme.Now));
            if (response.StatusCode != HttpStatusCode.OK)
                return new(url, NotFound(string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}")));

            bool hasDocument = false;
            Reading<ServerMetadata> metadata = await ServerFetch.ReadJsonAsync(
                response.Content,
                scheme.Options,
                body =>
                {
                    hasDocument = true;
                    return MetadataReader.Read(body, scheme.Options, needs);
                },
                cancellationToken
            );
            return new(url, metadata.Value is { } value ? value : NotFound(metadata.Fault!), hasDocument);
        }
        catch (Exception exception)
        {
            return new(url, new Unavailability(UnavailableReason.Unreachable) { Exception = exception });
        }
    }

    private static Unavailability NotFound(string fault) => new(UnavailableReason.NotDiscovered) { Fault = fault };
}
