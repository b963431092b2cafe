using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.Tool.Terminal;

/// <summary>What is printed in place of a token.</summary>
internal static class Fingerprint
{
    private const int Length = 8;

    public static string Of(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
        return Convert.ToHexStringLower(hash)[..Length];
    }
}
