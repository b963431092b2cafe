using System.Runtime.ExceptionServices;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Discovery;

/// <summary>Why there is no metadata at any well-known URL: of several reasons, the one that says most.</summary>
internal sealed class MetadataFailures
{
    private readonly List<(Uri Url, MetadataReading Reading)> _all = [];

    /// <summary>
    /// Whether it would be useless to ask at another URL, or unwelcome: the host cannot be reached, or the server has said when to come
    /// again.
    /// </summary>
    public bool EndsSearch { get; private set; }

    public void Add(Uri url, MetadataReading reading)
    {
        _all.Add((url, reading));
        EndsSearch |=
            reading.Unavailability is { } unavailability && (unavailability.RequestsBackOff || IsAboutHost(unavailability.Exception));
    }

    /// <exception cref="Exception">What a request has thrown, when nothing else is known.</exception>
    public DiscoveryResult ToResult()
    {
        List<Unavailability> troubles = [.. _all.Select(static failure => failure.Reading.Unavailability).OfType<Unavailability>()];
        if (troubles.Find(static trouble => trouble.RequestsBackOff) is { } leftAlone)
            return DiscoveryResult.NotFound(leftAlone);

        if (troubles.Count > 0 && !_all.Exists(static failure => failure.Reading.IsDocument))
        {
            Unavailability worst = troubles.Find(static trouble => trouble.StatusCode is not null) ?? troubles[0];
            if (worst.Exception is { } exception)
                ExceptionDispatchInfo.Throw(exception);
            return DiscoveryResult.NotFound(worst);
        }

        IEnumerable<string> faults = _all.Select(static failure => $"{failure.Url.AbsolutePath}: {failure.Reading.Fault}");
        return DiscoveryResult.NotFound(new(UnavailableReason.NotDiscovered) { Fault = string.Join("; ", faults) });
    }

    /// <summary>A connection that was made, and then broke off, may be about the path: a firewall does so.</summary>
    private static bool IsAboutHost(Exception? exception) =>
        exception switch
        {
            null or IOException => false,
            HttpRequestException request => request.HttpRequestError
                is HttpRequestError.NameResolutionError
                    or HttpRequestError.ConnectionError
                    or HttpRequestError.SecureConnectionError,
            _ => true,
        };
}
