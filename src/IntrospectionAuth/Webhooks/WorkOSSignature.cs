using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Webhooks;

/// <summary>The header <c>WorkOS-Signature</c>: <c>t=</c> with the time in milliseconds, <c>v1=</c> with an HMAC-SHA-256.</summary>
internal sealed class WorkOSSignature
{
    public const string HeaderName = "WorkOS-Signature";

    private const int MaximumHeaderLength = 512; // some signatures, while WorkOS rotates a secret
    private const int MaximumTimeLength = 15; // year 9999

    private readonly byte[] _signedPrefix;
    private readonly List<byte[]> _signatures;

    private WorkOSSignature(string time, DateTimeOffset signedAt, List<byte[]> signatures)
    {
        _signedPrefix = Encoding.ASCII.GetBytes(time + ".");
        _signatures = signatures;
        SignedAt = signedAt;
    }

    public DateTimeOffset SignedAt { get; }

    /// <returns>The signature; null when the header is absent, repeated or malformed.</returns>
    public static WorkOSSignature? Parse(StringValues header)
    {
        if (header.Count != 1 || header[0] is not { Length: <= MaximumHeaderLength } text)
            return null;

        string? time = null;
        var signatures = new List<byte[]>();
        foreach (Range range in text.AsSpan().Split(','))
        {
            ReadOnlySpan<char> part = text.AsSpan(range).Trim(' ');
            if (part.StartsWith("t=", StringComparison.Ordinal))
            {
                if (time is not null)
                    return null;
                time = part[2..].ToString();
            }
            else if (part.StartsWith("v1=", StringComparison.Ordinal))
            {
                if (!TryReadHash(part[3..], out byte[] hash))
                    return null;
                signatures.Add(hash);
            }
        }

        return signatures.Count > 0 && time is not null && TryReadTime(time, out DateTimeOffset signedAt)
            ? new WorkOSSignature(time, signedAt, signatures)
            : null;
    }

    /// <summary>Finds the signature of a body by one of the secrets. The duration does not depend on where a signature differs.</summary>
    /// <returns>The signature; null when no secret signed the body.</returns>
    public byte[]? FindValid(IEnumerable<byte[]> secrets, ReadOnlySpan<byte> body)
    {
        byte[]? valid = null;
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (byte[] secret in secrets)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
            hmac.AppendData(_signedPrefix);
            hmac.AppendData(body);
            hmac.GetHashAndReset(hash);
            foreach (byte[] signature in _signatures)
                valid = CryptographicOperations.FixedTimeEquals(hash, signature) ? signature : valid;
        }

        return valid;
    }

    private static bool TryReadHash(ReadOnlySpan<char> hex, out byte[] hash)
    {
        hash = new byte[HMACSHA256.HashSizeInBytes];
        return hex.Length == 2 * hash.Length && Convert.FromHexString(hex, hash, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    private static bool TryReadTime(string text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length > MaximumTimeLength || text.AsSpan().ContainsAnyExceptInRange('0', '9')) // the framework reads "0\0" as 0
            return false;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds))
            return false;
        if (milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            return false;

        time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }
}
