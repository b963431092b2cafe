using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Responses;

/// <summary>What the body of a response was read as: active, inactive, or unusable.</summary>
internal sealed class BodyReading
{
    private BodyReading() { }

    public static BodyReading Inactive { get; } = new();

    public static BodyReading TooLong => InvalidResponse("it is longer than MaximumResponseLength");

    /// <summary>The response, when the token is active.</summary>
    public IntrospectionResponse? Response { get; private init; }

    /// <summary>Why the body is unusable: a fixed phrase, which holds nothing that the server sent.</summary>
    public string? Fault { get; private init; }

    /// <summary>Whether a date lies past year 9999: probably milliseconds instead of seconds.</summary>
    public bool HasClampedDate { get; private init; }

    /// <summary>The body of an active response, if it is kept; without a signature.</summary>
    public byte[]? Body { get; private init; }

    public static BodyReading Active(IntrospectionResponse response, bool hasClampedDate, byte[]? body) =>
        new()
        {
            Response = response,
            HasClampedDate = hasClampedDate,
            Body = body,
        };

    /// <summary>Why the signature is not verified.</summary>
    public Unavailability? Unavailability { get; private init; }

    public static BodyReading NotVerified(Unavailability unavailability) => new() { Unavailability = unavailability };

    public static BodyReading InvalidResponse(string fault) => new() { Fault = fault };
}
