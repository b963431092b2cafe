namespace IntrospectionAuth.Testing.Tokens;

/// <summary>What the server remembers of a token: the answer while it is active, and the second from which it no longer is.</summary>
internal sealed class IssuedToken(byte[] answer, long? expiresAt)
{
    public byte[] Answer => answer;

    public bool IsExpired(DateTimeOffset now) => now.ToUnixTimeSeconds() >= expiresAt;
}
