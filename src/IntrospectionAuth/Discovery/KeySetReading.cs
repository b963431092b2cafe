using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Http;

namespace IntrospectionAuth.Discovery;

/// <summary>What came of fetching a server's keys. Several may get the same.</summary>
internal sealed class KeySetReading : IFetchResult
{
    private KeySetReading() { }

    /// <summary>The keys; null when there are none to be had.</summary>
    public KeySet? Keys { get; private init; }

    /// <summary>What is wrong with what the server sent: a fixed phrase, in which nothing is that the server has sent.</summary>
    public string? Fault { get; private init; }

    /// <summary>The status of the response, when it was another than 200.</summary>
    public HttpStatusCode? StatusCode { get; private init; }

    /// <summary>The headers of that response: it may say when to come again.</summary>
    public HttpResponseHeaders? Headers { get; private init; }

    /// <summary>What the network threw, when nothing came.</summary>
    public Exception? Exception { get; private init; }

    /// <summary>Why nothing came; meaningful when there is an <see cref="Exception"/>.</summary>
    public FetchFault FetchFault { get; private init; }

    /// <summary>Whether the fetch was repeated for everyone who waited: then none of them repeats anything.</summary>
    public bool WasRepeated { get; private set; }

    public bool IsTransient =>
        (FetchFault == FetchFault.Unreachable && TransientFailure.Is(Exception))
        || TransientFailure.Is(
            StatusCode,
            isToldWhenToRetry: StatusCode == HttpStatusCode.ServiceUnavailable && Headers?.RetryAfter is not null
        );

    public void NoteRepeated() => WasRepeated = true;

    public static KeySetReading Found(KeySet keys) => new() { Keys = keys };

    public static KeySetReading NotFound(string fault) => new() { Fault = fault };

    public static KeySetReading OfStatus(HttpResponseMessage response) =>
        new()
        {
            Fault = string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}"),
            StatusCode = response.StatusCode,
            Headers = response.Headers,
        };

    public static KeySetReading Failed(FetchFault fault, Exception exception) => new() { Exception = exception, FetchFault = fault };
}
