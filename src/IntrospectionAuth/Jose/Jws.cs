namespace IntrospectionAuth.Jose;

/// <summary>The parts of a signed message in compact serialization (RFC 7515, section 3.1). They are untrusted until verified.</summary>
internal sealed class Jws
{
    public required JwsHeader Header { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The signed bytes: the first two parts as they were received, in ASCII.</summary>
    public required ReadOnlyMemory<byte> SigningInput { get; init; }

    public required ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Whether the message is signed by the key with one of the allowed algorithms.</summary>
    /// <remarks>The key's type and size must support the algorithm, so a public key is never used as a shared secret.</remarks>
    public bool IsSignedBy(JoseKey key, IReadOnlyCollection<JoseAlgorithm> allowed) =>
        allowed.Contains(Header.Algorithm)
        && (Header.KeyId is null || key.KeyId is null || Header.KeyId == key.KeyId)
        && key.Verify(Header.Algorithm, SigningInput.Span, Signature.Span);
}
