namespace IntrospectionAuth.Introspection;

/// <summary>One request to the introspection endpoint and what was received, for the diagnostics page. Secrets are masked.</summary>
/// <remarks>It is a class, because it holds the body of a response.</remarks>
internal sealed class Exchange
{
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The URL, without user information and query.</summary>
    public required string Url { get; init; }

    /// <summary>The client authentication method of this API.</summary>
    public required string ClientAuthenticationMethod { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The status; null when no response was received.</summary>
    public int? StatusCode { get; init; }

    public string? ContentType { get; init; }

    /// <summary>The body as far as it was received and is kept, with secrets masked; null when there is none.</summary>
    public string? Body { get; init; }

    /// <summary>Whether the body is longer than what is kept of it.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>The result in one word: active, inactive, unavailable.</summary>
    public required string Outcome { get; init; }
}
