using System.Diagnostics.CodeAnalysis;

namespace IntrospectionAuth.Outcomes;

/// <summary>A value from an authorization server, or why it is unavailable.</summary>
internal sealed class Outcome<T>
    where T : class
{
    private Outcome() { }

    public T? Value { get; private init; }

    public Unavailability? Unavailability { get; private init; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Unavailability))]
    public bool IsAvailable => Value is not null;

    public static implicit operator Outcome<T>(T value) => new() { Value = value };

    public static implicit operator Outcome<T>(Unavailability unavailability) => new() { Unavailability = unavailability };
}
