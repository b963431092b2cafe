namespace IntrospectionAuth.Outcomes;

/// <summary>What a document was read as, or what is wrong with it.</summary>
/// <remarks>A fault is a fixed phrase that continues "the document cannot be used:". It holds nothing that the server sent.</remarks>
internal readonly struct Reading<T>
{
    public T? Value { get; private init; }

    public string? Fault { get; private init; }

    public static Reading<T> Of(T value) => new() { Value = value };

    public static Reading<T> Unusable(string fault) => new() { Fault = fault };
}
