using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Discovery;

/// <summary>The keys with which an authorization server signs (RFC 7517, section 5): public ones, and those alone that can verify.</summary>
/// <param name="keys">The keys.</param>
/// <param name="passedOver">Which others the server has published, and why they do not count, to be continued behind a sentence; empty when
/// there are none.</param>
internal sealed class KeySet(IReadOnlyList<JoseKey> keys, string passedOver = "")
{
    // Where nothing names the key, all that fit are tried: many would be a way to keep a processor busy.
    private const int MostAttempts = 8;

    /// <summary>
    /// Which others the server has published, and why they do not count: fixed words, to be continued behind a sentence; empty when there
    /// are none.
    /// </summary>
    public string PassedOver => passedOver;

    /// <summary>Whether one of the keys has signed the message, by an algorithm whose verifier cannot sign.</summary>
    /// <remarks>Keys that come with the message, or that it points to (<c>jwk</c>, <c>jku</c>, <c>x5c</c>), are never looked at.</remarks>
    public bool HasSigned(Jws message) =>
        keys.Where(key => key.Supports(message.Header.Algorithm) && MayBeNamed(key, message.Header.KeyId))
            .OrderByDescending(key => key.KeyId is not null && key.KeyId == message.Header.KeyId)
            .Take(MostAttempts)
            .Any(key => message.IsSignedBy(key, JoseAlgorithm.Asymmetric));

    private static bool MayBeNamed(JoseKey key, string? keyId) => keyId is null || key.KeyId is null || key.KeyId == keyId;
}
