namespace IntrospectionAuth.Testing;

/// <summary>A verbatim JSON value for <see cref="FakeToken.Members"/>, for example <c>new FakeJson("1.7e9")</c>.</summary>
public sealed class FakeJson
{
    /// <summary>Initializes a value that is written verbatim.</summary>
    /// <param name="text">The text. It is not checked, so it may be invalid JSON.</param>
    /// <exception cref="ArgumentException"><paramref name="text"/> is null or empty.</exception>
    public FakeJson(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        Text = text;
    }

    private FakeJson() => Text = "";

    /// <summary>Gets the value that omits a member from the response.</summary>
    public static FakeJson Absent { get; } = new();

    internal string Text { get; }
}
