using System.Globalization;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Discovery;

/// <summary>The result of fetching a server's keys.</summary>
internal sealed class KeySetReading : IFetchResult<KeySetReading>
{
    private KeySetReading() { }

    /// <summary>The keys; null when there are none.</summary>
    public KeySet? Keys { get; private init; }

    /// <summary>Why there are none.</summary>
    public Unavailability? Unavailability { get; private init; }

    public bool MayBeRetried => Unavailability?.MayBeRetried == true;

    public KeySetReading AsRetried() => Failed(Unavailability! with { WasRetried = true });

    public static KeySetReading Found(KeySet keys) => new() { Keys = keys };

    public static KeySetReading NotFound(string fault) => Failed(new(UnavailableReason.ServerKeysNotFound) { Fault = fault });

    public static KeySetReading OfStatus(HttpResponseMessage response, DateTimeOffset now) =>
        Failed(
            new(UnavailableReason.ServerKeysNotFound)
            {
                Fault = string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}"),
                StatusCode = response.StatusCode,
                RequestedDelay = RetryAfterReader.Read(response.Headers, now), // no back-off: the keys may be on another host than the endpoint
            }
        );

    public static KeySetReading Failed(Unavailability unavailability) => new() { Unavailability = unavailability };
}
