using System.Runtime.ExceptionServices;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Discovery;

/// <summary>Why there is no metadata at any well-known URL: of several reasons, the most informative one.</summary>
internal sealed class MetadataFailures
{
    private readonly List<MetadataAttempt> _all = [];

    /// <summary>
    /// Whether no other URL should be tried: the host cannot be reached, or the authorization server sent <c>Retry-After</c>.
    /// </summary>
    public bool EndsSearch { get; private set; }

    public void Add(MetadataAttempt attempt)
    {
        _all.Add(attempt);
        Unavailability unavailability = attempt.Outcome.Unavailability!;
        EndsSearch |= unavailability.RequestsBackOff || IsAboutHost(unavailability.Exception);
    }

    /// <exception cref="Exception">What a request threw, when nothing else is known.</exception>
    public Unavailability ToUnavailability()
    {
        List<Unavailability> failed =
        [
            .. _all.Where(static attempt => attempt.HasFailed).Select(static attempt => attempt.Outcome.Unavailability!),
        ];
        if (failed.Find(static it => it.RequestsBackOff) is { } backOff)
            return backOff;

        if (failed.Count > 0 && !_all.Exists(static attempt => attempt.HasDocument))
        {
            Unavailability worst = failed.Find(static it => it.StatusCode is not null) ?? failed[0];
            if (worst.Exception is { } exception)
                ExceptionDispatchInfo.Throw(exception);
            return worst;
        }

        IEnumerable<string> faults = _all.Select(static attempt => $"{attempt.Url.AbsolutePath}: {attempt.Fault}");
        return new(UnavailableReason.NotDiscovered) { Fault = string.Join("; ", faults) };
    }

    /// <summary>Whether a failure is about the host, not about the path: a firewall may break off connections for a single path.</summary>
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
