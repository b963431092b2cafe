namespace IntrospectionAuth;

/// <summary>An introspection scheme: its name, one instance of its options, and the clock that they name.</summary>
internal sealed class IntrospectionScheme(string name, OAuthIntrospectionOptions options)
{
    public string Name { get; } = name;

    public OAuthIntrospectionOptions Options { get; } = options;

    public TimeProvider Time => Options.TimeProvider ?? TimeProvider.System;

    public DateTimeOffset Now => Time.GetUtcNow();
}
