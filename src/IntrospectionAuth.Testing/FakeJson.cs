namespace IntrospectionAuth.Testing;

/// <summary>A JSON value in a spelling of its own, for <see cref="FakeToken.Members"/>: <c>new FakeJson("1.7e9")</c>.</summary>
public sealed class FakeJson
{
    /// <summary>Initializes a value that is written as it is.</summary>
    /// <param name="text">The text. It is not checked, so it may also be what no JSON writer would write.</param>
    /// <exception cref="ArgumentException"><paramref name="text"/> is null or empty.</exception>
    public FakeJson(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        Text = text;
    }

    private FakeJson() => Text = "";

    /// <summary>Gets the value that leaves a member out of the answer.</summary>
    public static FakeJson Absent { get; } = new();

    internal string Text { get; }
}
