namespace IntrospectionAuth.Discovery;

/// <summary>What an authorization server publishes about how clients obtain tokens (RFC 8414, section 2). All of it is optional.</summary>
internal sealed class PublishedFlows
{
    /// <summary>The authorization endpoint; null when there is none with an acceptable URL.</summary>
    public Uri? AuthorizationEndpoint { get; init; }

    /// <summary>The grant types; when the server names none, those that the specification then assumes.</summary>
    public required IReadOnlyList<string> GrantTypes { get; init; }

    /// <summary>The scopes; empty when the server names none.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The methods of PKCE (RFC 7636); empty when the server names none.</summary>
    public required IReadOnlyList<string> CodeChallengeMethods { get; init; }
}
