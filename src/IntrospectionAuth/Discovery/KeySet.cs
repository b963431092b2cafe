using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Discovery;

/// <summary>The public keys of an authorization server that verify signatures (RFC 7517, section 5).</summary>
/// <param name="keys">The keys.</param>
/// <param name="passedOver">The other published keys, and why they are not used: the end of a sentence, empty when there are none.</param>
internal sealed class KeySet(IReadOnlyList<JoseKey> keys, string passedOver = "")
{
    // A message that names no key is verified with each key that fits. The limit bounds the processor time.
    private const int MostAttempts = 8;

    /// <summary>The other published keys, and why they are not used: the end of a sentence, empty when there are none.</summary>
    public string PassedOver => passedOver;

    /// <summary>Whether one of the keys signed the message, with an asymmetric algorithm.</summary>
    /// <remarks>Keys in the message, or that it points to (<c>jwk</c>, <c>jku</c>, <c>x5c</c>), are never used.</remarks>
    public bool HasSigned(Jws message) =>
        keys.Where(key => key.Supports(message.Header.Algorithm) && MayBeNamed(key, message.Header.KeyId))
            .OrderByDescending(key => key.KeyId is not null && key.KeyId == message.Header.KeyId)
            .Take(MostAttempts)
            .Any(key => message.IsSignedBy(key, JoseAlgorithm.Asymmetric));

    private static bool MayBeNamed(JoseKey key, string? keyId) => keyId is null || key.KeyId is null || key.KeyId == keyId;
}
