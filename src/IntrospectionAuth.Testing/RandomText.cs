using System.Security.Cryptography;

namespace IntrospectionAuth.Testing;

/// <summary>Creates random identifiers from characters that every token format allows.</summary>
internal static class RandomText
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string Create(int length) => RandomNumberGenerator.GetString(Alphabet, length);
}
