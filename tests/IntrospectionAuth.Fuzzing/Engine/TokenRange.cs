namespace IntrospectionAuth.Fuzzing.Engine;

/// <summary>A part of a text.</summary>
internal readonly struct TokenRange(byte[] text, int start, int length)
{
    public int Start => start;

    public int Length => length;

    public bool IsIn(byte[] other) => ReferenceEquals(text, other);
}
