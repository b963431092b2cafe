using System.Buffers.Binary;
using IntrospectionAuth.Jose;
using Microsoft.AspNetCore.DataProtection;

namespace IntrospectionAuth.DPoP;

/// <summary>Nonces for proofs (RFC 9449, sections 8 and 9): each is the time at which it was made, protected, so that every instance that shares the keys of data protection knows it, and none remembers it.</summary>
internal sealed class DPoPNonces(IDataProtectionProvider provider)
{
    private readonly IDataProtector _protector = provider.CreateProtector("IntrospectionAuth.DPoP.Nonce");

    /// <returns>A nonce; null when data protection fails, which has logged why.</returns>
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
            return null; // its keys may lie anywhere, so it may throw anything
        }
    }

    /// <summary>Whether a nonce is one of ours, and young enough.</summary>
    public bool Accepts(string? nonce, OAuthIntrospectionDPoPOptions options, DateTimeOffset now) =>
        AgeOf(nonce, now) is { } age && age <= options.NonceLifetime && age >= -options.ClockSkew;

    /// <summary>Whether a nonce that is accepted has lived more than half of its life: then the next one goes with the response.</summary>
    public bool IsToBeRenewed(string? nonce, OAuthIntrospectionDPoPOptions options, DateTimeOffset now) =>
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
            return null; // somebody else's, altered, or by a key that is gone
        }
    }
}
