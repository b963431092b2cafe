using System.Collections.Concurrent;

namespace IntrospectionAuth.Testing.Tokens;

/// <summary>Stores the issued tokens and their current state.</summary>
internal sealed class TokenStore(TimeProvider clock)
{
    private static readonly byte[] s_inactive = """{"active":false}"""u8.ToArray();

    private readonly ConcurrentDictionary<string, IssuedToken> _tokens = new(StringComparer.Ordinal);

    public void Add(string token, IssuedToken issued) => _tokens[token] = issued;

    public bool Remove(string token) => _tokens.TryRemove(token, out _);

    public bool IsActive(string token) => _tokens.TryGetValue(token, out IssuedToken? issued) && !issued.IsExpired(clock.GetUtcNow());

    /// <summary>Returns the body of the introspection response (RFC 7662, section 2.2).</summary>
    public byte[] Describe(string token) =>
        _tokens.TryGetValue(token, out IssuedToken? issued) && !issued.IsExpired(clock.GetUtcNow()) ? issued.Response : s_inactive;
}
