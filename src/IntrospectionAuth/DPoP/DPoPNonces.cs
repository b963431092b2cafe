using System.Buffers.Binary;
using IntrospectionAuth.Jose;
using Microsoft.AspNetCore.DataProtection;

namespace IntrospectionAuth.DPoP;

/// <summary>Creates and validates the nonces of proofs (RFC 9449, sections 8 and 9).</summary>
/// <remarks>
/// A nonce is its creation time, encrypted by data protection. All instances that share the keys accept it, and none has to store it.
/// </remarks>
internal sealed class DPoPNonces(IDataProtectionProvider provider)
{
    private readonly IDataProtector _protector = provider.CreateProtector("IntrospectionAuth.DPoP.Nonce");

    /// <returns>A nonce; null when data protection fails, which logs the reason.</returns>
    public string? Create(DateTimeOffset now)
    {
        byte[] time = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(time, now.UtcTicks);
        try
        {
            return Base64UrlText.Encode(_protector.Protect(time));
        }
        catch (Exception)
        {
            return null; // the application chooses where keys are stored, so any exception is possible
        }
    }

    /// <summary>Whether this API created the nonce, and it has not expired.</summary>
    public bool Accepts(string? nonce, OAuthIntrospectionDPoPOptions options, DateTimeOffset now) =>
        AgeOf(nonce, now) is { } age && age <= options.NonceLifetime && age >= -options.ClockSkew;

    /// <summary>
    /// Whether more than half of the lifetime of an accepted nonce has passed, so that the response should carry the next one.
    /// </summary>
    public bool IsDueForRenewal(string? nonce, OAuthIntrospectionDPoPOptions options, DateTimeOffset now) =>
        AgeOf(nonce, now) is not { } age || age > options.NonceLifetime / 2;

    private TimeSpan? AgeOf(string? nonce, DateTimeOffset now)
    {
        if (nonce is null || Base64UrlText.Decode(nonce) is not { Length: > 0 } bytes)
            return null;

        try
        {
            byte[] time = _protector.Unprotect(bytes);
            return time.Length == sizeof(long) ? TimeSpan.FromTicks(now.UtcTicks - BinaryPrimitives.ReadInt64BigEndian(time)) : null;
        }
        catch (Exception)
        {
            return null; // from another application, changed, or encrypted with a key that no longer exists
        }
    }
}
