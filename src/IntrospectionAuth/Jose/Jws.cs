namespace IntrospectionAuth.Jose;

/// <summary>A signed message in compact serialization (RFC 7515, section 3.1), taken apart. What it says counts for nothing until it is verified.</summary>
internal sealed class Jws
{
    /// <summary>The header.</summary>
    public required JwsHeader Header { get; init; }

    /// <summary>The payload.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>What is signed: the first two parts as they were received, ASCII.</summary>
    public required ReadOnlyMemory<byte> SigningInput { get; init; }

    /// <summary>The signature.</summary>
    public required ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Whether the key has signed the message, by one of the algorithms that the caller allows.</summary>
    /// <remarks>The algorithm must go with the key's type and size: a public key is never taken for a shared secret.</remarks>
    public bool IsSignedBy(JoseKey key, IReadOnlyCollection<JoseAlgorithm> allowed) =>
        allowed.Contains(Header.Algorithm)
        && (Header.KeyId is null || key.KeyId is null || Header.KeyId == key.KeyId)
        && key.Verify(Header.Algorithm, SigningInput.Span, Signature.Span);
}
