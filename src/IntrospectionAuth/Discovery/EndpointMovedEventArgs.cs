namespace IntrospectionAuth.Discovery;

/// <summary>Names the scheme whose authorization server has another introspection endpoint than before.</summary>
internal sealed class EndpointMovedEventArgs(string scheme) : EventArgs
{
    public string Scheme { get; } = scheme;
}
