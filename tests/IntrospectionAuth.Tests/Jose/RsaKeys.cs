using System.Security.Cryptography;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>RSA keys of 2,048 bits. All tests share them, because generating one takes a tenth of a second.</summary>
internal static class RsaKeys
{
    private static readonly Lazy<RSAParameters> s_first = new(Generate);
    private static readonly Lazy<RSAParameters> s_other = new(Generate);

    public static RSA CreateFirst() => RSA.Create(s_first.Value);

    /// <summary>Creates an instance of another key than <see cref="CreateFirst"/>.</summary>
    public static RSA CreateOther() => RSA.Create(s_other.Value);

    private static RSAParameters Generate()
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportParameters(includePrivateParameters: true);
    }
}
