using System.Security.Cryptography;

namespace IntrospectionAuth.Testing;

/// <summary>Makes random identifiers out of characters that every token syntax allows.</summary>
internal static class RandomText
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string Create(int length) => RandomNumberGenerator.GetString(Alphabet, length);
}
