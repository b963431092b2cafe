namespace IntrospectionAuth.Outcomes;

/// <summary>What a document was read as, or what is wrong with it.</summary>
/// <remarks>
/// A fault is a phrase that continues "the document cannot be used:". Of what the server sent it holds an issuer or a content type at most.
/// </remarks>
internal readonly struct Reading<T>
{
    public T? Value { get; private init; }

    public string? Fault { get; private init; }

    public static Reading<T> Of(T value) => new() { Value = value };

    public static Reading<T> Unusable(string fault) => new() { Fault = fault };
}
