using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Discovery;

/// <summary>Fetches an authorization server's keys. Whatever goes wrong becomes a value.</summary>
internal sealed class KeySetClient(IHttpClientFactory httpClients, RareMessages rare, ILogger<KeySetClient> logger)
{
    /// <summary>Fetches within the timeout of an introspection.</summary>
    public Task<KeySetReading> FetchAsync(IntrospectionScheme scheme, Uri url, CancellationToken stopping) =>
        SharedFetch.RunAsync(
            scheme.Options,
            cancellation => FetchOnceAsync(scheme, url, cancellation),
            (fault, exception) => Fail(scheme, fault, exception),
            stopping
        );

    private KeySetReading Fail(IntrospectionScheme scheme, FetchFault fault, Exception exception)
    {
        if (fault == FetchFault.Unreachable && rare.IsDue(scheme.Name, nameof(Log.Unreachable), scheme.Time, out long suppressed))
        {
            logger.Unreachable(scheme.Name, suppressed, exception);
        }

        UnavailableReason reason = fault switch
        {
            FetchFault.Stopped => UnavailableReason.Stopped,
            FetchFault.TimedOut => UnavailableReason.TimedOut,
            _ => UnavailableReason.Unreachable,
        };
        return KeySetReading.Failed(new(reason) { Exception = exception });
    }

    private async Task<KeySetReading> FetchOnceAsync(IntrospectionScheme scheme, Uri url, CancellationToken cancellationToken)
    {
        using HttpClient client = httpClients.CreateClient(OAuthIntrospectionDefaults.GetHttpClientName(scheme.Name));
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/jwk-set+json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));

        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
            return KeySetReading.OfStatus(response, scheme.Now);

        // Whatever its content type says: servers in the field send several, and JSON that is a JWK set is nothing else.
        return await LimitedBody.ReadAsync(response.Content, scheme.Options.MaximumResponseLength, cancellationToken) is { } body
            ? KeySetReader.Read(body)
            : KeySetReading.NotFound("it is longer than MaximumResponseLength");
    }
}
