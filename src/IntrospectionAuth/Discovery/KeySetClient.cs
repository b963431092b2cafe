using System.Globalization;
using System.Net;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Discovery;

/// <summary>Fetches an authorization server's keys.</summary>
internal sealed class KeySetClient(ServerFetch fetch, ILogger<KeySets> logger)
{
    /// <param name="scheme">The scheme.</param>
    /// <param name="url">The URL of the keys.</param>
    /// <param name="hasKnown">Whether known keys stay in use if this fails. Then it is logged here.</param>
    /// <param name="stopping">Cancelled when the application stops.</param>
    public async Task<Outcome<KeySet>> FetchAsync(IntrospectionScheme scheme, Uri url, bool hasKnown, CancellationToken stopping)
    {
        Outcome<KeySet> outcome = await fetch.RunAsync(scheme, cancellation => FetchOnceAsync(scheme, url, cancellation), stopping);
        if (hasKnown && outcome.Unavailability is { Reason: not UnavailableReason.Stopped } unavailability)
        {
            logger.ServerKeysNotRefreshed(
                scheme.Name,
                unavailability.Fault
                    ?? (unavailability.Reason == UnavailableReason.TimedOut ? "no response in time" : "the server could not be reached")
            );
        }

        return outcome;
    }

    private async Task<Outcome<KeySet>> FetchOnceAsync(IntrospectionScheme scheme, Uri url, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await fetch.GetAsync(
            scheme,
            url,
            cancellationToken,
            "application/jwk-set+json",
            "application/json"
        );
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new Unavailability(UnavailableReason.ServerKeysNotFound)
            {
                Fault = string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}"),
                StatusCode = response.StatusCode,

                // No back-off: the keys may be on another host, which does not speak for the introspection endpoint.
                RequestedDelay = RetryAfterReader.Read(response.Headers, scheme.Now),
            };
        }

        // The content type does not matter: servers in the field send several, and no other JSON is a valid JWK set.
        Reading<KeySet> keys = await ServerFetch.ReadAsync(
            response.Content,
            scheme.Options,
            static body => KeySetReader.Read(body),
            cancellationToken
        );
        return keys.Value is { } value ? value : new Unavailability(UnavailableReason.ServerKeysNotFound) { Fault = keys.Fault };
    }
}
