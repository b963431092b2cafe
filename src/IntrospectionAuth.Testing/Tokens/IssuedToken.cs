namespace IntrospectionAuth.Testing.Tokens;

/// <summary>An issued token: its introspection response while it is active, and the second at which it expires.</summary>
internal sealed class IssuedToken(byte[] response, long? expiresAt)
{
    public byte[] Response => response;

    public bool IsExpired(DateTimeOffset now) => now.ToUnixTimeSeconds() >= expiresAt;
}
