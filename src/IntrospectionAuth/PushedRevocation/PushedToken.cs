using System.Text.Json;

namespace IntrospectionAuth.PushedRevocation;

/// <summary>The claims of a pushed token. They name users, so this is a class, which no log prints.</summary>
internal sealed class PushedToken
{
    /// <summary><c>jti</c>.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>All claims: a JSON object without duplicate members, usable without its document.</summary>
    public required JsonElement Claims { get; init; }
}
