using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Responses;

/// <summary>What the body of an answer was read as: active, inactive, or not an answer.</summary>
internal sealed class BodyReading
{
    private BodyReading() { }

    public static BodyReading Inactive { get; } = new();

    public static BodyReading TooLong { get; } = InvalidResponse("it is longer than MaximumResponseLength");

    /// <summary>The answer, when the token is active.</summary>
    public IntrospectionResponse? Response { get; private init; }

    /// <summary>Why it is not an answer: a fixed phrase that completes "the body is not an answer:".</summary>
    public string? Fault { get; private init; }

    /// <summary>Whether a date lay past year 9999: milliseconds instead of seconds, probably.</summary>
    public bool HasClampedDate { get; private init; }

    public static BodyReading Active(IntrospectionResponse response, bool hasClampedDate) =>
        new() { Response = response, HasClampedDate = hasClampedDate };

    /// <summary>Why the signature is not verified.</summary>
    public Unavailability? Unavailability { get; private init; }

    public static BodyReading NotVerified(Unavailability unavailability) => new() { Unavailability = unavailability };

    public static BodyReading InvalidResponse(string fault) => new() { Fault = fault };
}
