using System.Security.Cryptography;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>Accepted and rejected PEM files.</summary>
public sealed class PemKeyReaderTests
{
    [Fact]
    public void A_private_key_is_read_from_every_format()
    {
        using var rsa = RsaKeys.CreateFirst();
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        AssertRead(rsa.ExportPkcs8PrivateKeyPem(), "RS256 RS384 RS512 PS256 PS384 PS512");
        AssertRead(rsa.ExportRSAPrivateKeyPem(), "RS256 RS384 RS512 PS256 PS384 PS512");
        AssertRead(p256.ExportPkcs8PrivateKeyPem(), "ES256");
        AssertRead(
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + p256.ExportECPrivateKeyPem() + "\n",
            "ES256"
        ); // the format of openssl
        AssertRead(p384.ExportPkcs8PrivateKeyPem(), "ES384");
    }

    [Fact]
    public void Everything_else_is_rejected_with_a_fault_that_does_not_contain_it()
    {
        using var small = RSA.Create(1024);
        using var rsa = RsaKeys.CreateFirst();
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var brainpool = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        using var bitcoin = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10")); // secp256k1, 256 bits too
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1);
        string pem = p256.ExportPkcs8PrivateKeyPem();

        AssertRefused(small.ExportPkcs8PrivateKeyPem(), "is an RSA key of 1024 bits");
        AssertRefused(brainpool.ExportPkcs8PrivateKeyPem(), "is on a curve other than");
        AssertRefused(bitcoin.ExportPkcs8PrivateKeyPem(), "is on a curve other than");
        AssertRefused(rsa.ExportSubjectPublicKeyInfoPem(), "is a public key");
        AssertRefused(p256.ExportSubjectPublicKeyInfoPem(), "is a public key");
        AssertRefused(rsa.ExportEncryptedPkcs8PrivateKeyPem("password", encryption), "is encrypted, and the password is not set");
        AssertRefused(pem + "\n" + pem, "has 2 private keys; it must have exactly one");
        AssertRefused(rsa.ExportRSAPrivateKeyPem() + "\n" + p256.ExportECPrivateKeyPem(), "has 2 private keys; it must have exactly one");
        AssertRefused(p256.ExportECPrivateKeyPem() + "\n" + rsa.ExportRSAPrivateKeyPem(), "has 2 private keys; it must have exactly one");
        AssertRefused(rsa.ExportPkcs8PrivateKeyPem() + "\n" + p256.ExportECPrivateKeyPem(), "has 2 private keys; it must have exactly one");
        AssertRefused(
            rsa.ExportPkcs8PrivateKeyPem() + "\n" + rsa.ExportEncryptedPkcs8PrivateKeyPem("password", encryption),
            "has 2 private keys; it must have exactly one"
        );
        AssertRefused(pem.Replace("PRIVATE KEY", "CERTIFICATE", StringComparison.Ordinal), "is a certificate without its private key");
        AssertRefused(pem[..^40], "is a private key that is damaged or truncated");
        AssertRefused(RfcKeys.Es256Key, "is JSON, not a private key in PEM");
        AssertRefused("", "is empty");
    }

    private static void AssertRead(string pem, string algorithms)
    {
        JoseKey key = PemKeyReader.Read(pem, password: null, out string? fault)!;

        Assert.Null(fault);
        Assert.True(key.IsPrivate);
        Assert.Equal(algorithms, string.Join(' ', key.Algorithms.Select(algorithm => algorithm.Name)));
    }

    private static void AssertRefused(string pem, string reason)
    {
        Assert.Null(PemKeyReader.Read(pem, password: null, out string? fault));
        Assert.StartsWith(reason, fault, StringComparison.Ordinal);
    }
}
