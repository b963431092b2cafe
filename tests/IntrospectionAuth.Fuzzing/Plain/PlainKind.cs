namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>The type of a JSON value (RFC 8259, section 3).</summary>
internal enum PlainKind
{
    Null,
    True,
    False,
    Number,
    String,
    Array,
    Object,
}
