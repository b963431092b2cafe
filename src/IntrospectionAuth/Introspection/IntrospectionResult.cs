using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Introspection;

/// <summary>The result of an introspection: the token is active, it is inactive, or the server is unavailable.</summary>
internal sealed class IntrospectionResult
{
    private IntrospectionResult() { }

    /// <summary>The response, when the token is active.</summary>
    public IntrospectionResponse? Response { get; private init; }

    /// <summary>Why there is no usable response; null when there is one.</summary>
    public Unavailability? Unavailability { get; private init; }

    /// <summary>What an inactive result is based on.</summary>
    public InactiveBasis Basis { get; private init; }

    /// <summary>Whether the server sent an introspection response, which means that it accepts the credentials of this API.</summary>
    public bool IsResponse => !IsUnavailable && Basis == InactiveBasis.Response;

    public bool IsUnavailable => Unavailability is not null;

    /// <summary>The outcome in one word, for logs and metrics.</summary>
    public string OutcomeName =>
        IsUnavailable ? "unavailable"
        : Response is null ? "inactive"
        : "active";

    /// <summary>When the token was sent: the response may be as old as this.</summary>
    public required DateTimeOffset ObtainedAt { get; init; }

    /// <summary>How long the server allows the response to be cached; null when it does not say.</summary>
    public TimeSpan? ServerMaximumAge { get; private init; }

    /// <summary>The active response as the server sent it, to share it with other nodes; null when nothing is shared.</summary>
    public byte[]? Body { get; private init; }

    /// <summary>The exchanges with the server that led to the result, if they are recorded.</summary>
    public IReadOnlyList<Exchange> Exchanges { get; set; } = [];

    public static IntrospectionResult Active(
        IntrospectionResponse response,
        DateTimeOffset obtainedAt,
        TimeSpan? serverMaximumAge,
        byte[]? body = null
    ) =>
        new()
        {
            Response = response,
            ObtainedAt = obtainedAt,
            ServerMaximumAge = serverMaximumAge,
            Body = body,
        };

    public static IntrospectionResult Inactive(DateTimeOffset obtainedAt, InactiveBasis basis = InactiveBasis.Response) =>
        new() { ObtainedAt = obtainedAt, Basis = basis };

    public static IntrospectionResult Unavailable(DateTimeOffset obtainedAt, Unavailability unavailability) =>
        new() { Unavailability = unavailability, ObtainedAt = obtainedAt };
}
