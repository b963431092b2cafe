using System.Net;

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

    /// <summary>What the network threw, when nothing came.</summary>
    public Exception? Exception { get; private init; }

    /// <summary>Whether there was no answer in time.</summary>
    public bool HasTimedOut { get; private init; }

    /// <summary>Whether the application stops.</summary>
    public bool IsStopped { get; private init; }

    public static KeySetReading Found(KeySet keys) => new() { Keys = keys };

    public static KeySetReading NotFound(string fault, HttpStatusCode? statusCode = null) => new() { Fault = fault, StatusCode = statusCode };

    public static KeySetReading Unreachable(Exception exception) => new() { Exception = exception };

    public static KeySetReading TimedOut(Exception exception) => new() { Exception = exception, HasTimedOut = true };

    public static KeySetReading Stopped(Exception exception) => new() { Exception = exception, IsStopped = true };
}
