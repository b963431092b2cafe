namespace IntrospectionAuth;

/// <summary>An introspection scheme: its name, one instance of its options, and the clock that they name.</summary>
internal sealed class IntrospectionScheme(string name, OAuthIntrospectionOptions options)
{
    private Uri? _endpoint;

    public string Name { get; } = name;

    public OAuthIntrospectionOptions Options { get; } = options;

    /// <summary>The configured introspection endpoint. It is parsed once, unless the options are changed in place.</summary>
    public Uri ConfiguredEndpoint =>
        _endpoint is { } parsed && parsed.OriginalString == Options.IntrospectionEndpoint
            ? parsed
            : _endpoint = new Uri(Options.IntrospectionEndpoint!, UriKind.RelativeOrAbsolute);

    public TimeProvider Time => Options.Clock;

    public DateTimeOffset Now => Time.GetUtcNow();
}
