using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace IntrospectionAuth.ServerKeys;

/// <summary>What came of fetching a server's keys. Several may get the same.</summary>
internal sealed class KeySetReading
{
    private KeySetReading()
    {
    }

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

    /// <summary>Whether there was no answer in time.</summary>
    public bool HasTimedOut { get; private init; }

    /// <summary>Whether the application stops.</summary>
    public bool IsStopped { get; private init; }

    public static KeySetReading Found(KeySet keys) => new() { Keys = keys };

    public static KeySetReading NotFound(string fault) => new() { Fault = fault };

    public static KeySetReading OfStatus(HttpResponseMessage response) => new()
    {
        Fault = string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}"),
        StatusCode = response.StatusCode,
        Headers = response.Headers,
    };

    public static KeySetReading Unreachable(Exception exception) => new() { Exception = exception };

    public static KeySetReading TimedOut(Exception exception) => new() { Exception = exception, HasTimedOut = true };

    public static KeySetReading Stopped(Exception exception) => new() { Exception = exception, IsStopped = true };
}
