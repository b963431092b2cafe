using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>Concurrent signatures with one key.</summary>
public sealed class KeyInstancesTests
{
    [Fact]
    public async Task A_key_has_one_object_for_each_processor_and_the_next_user_waits()
    {
        var original = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var instances = new KeyInstances<ECDsa>(
            original,
            () => ECDsa.Create(original.ExportParameters(includePrivateParameters: true)),
            lendsOriginal: false
        );

        ECDsa[] rented = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => instances.Rent())];
        Task<ECDsa> next = Task.Run(instances.Rent);

        Assert.Equal(rented.Length, rented.Distinct().Count());
        Assert.DoesNotContain(original, rented); // copies are created from it
        Assert.False(next.IsCompleted);

        instances.Return(rented[0]);
        Assert.Same(rented[0], await next);
    }

    [Fact]
    public void A_returned_object_is_reused()
    {
        int copies = 0;
        using var original = RSA.Create(2048);
        using var instances = new KeyInstances<RSA>(
            original,
            () =>
            {
                copies++;
                return RSA.Create(original.ExportParameters(includePrivateParameters: false));
            },
            lendsOriginal: true
        );

        for (int i = 0; i < 10; i++)
        {
            RSA rsa = instances.Rent();
            Assert.Same(original, rsa);
            instances.Return(rsa);
        }

        Assert.Equal(0, copies);
    }

    [Fact]
    public void A_failed_copy_does_not_count_toward_the_limit()
    {
        bool fails = true;
        using var original = ECDsa.Create();
        using var instances = new KeyInstances<ECDsa>(
            original,
            () => fails ? throw new CryptographicException("The token is out.") : ECDsa.Create(),
            lendsOriginal: false
        );

        for (int i = 0; i <= Environment.ProcessorCount; i++)
            Assert.Throws<CryptographicException>(instances.Rent);
        fails = false;

        Assert.NotNull(instances.Rent());
    }

    [Fact]
    public void A_certificate_key_that_cannot_be_exported_signs_in_parallel_too()
    {
        using X509Certificate2 rsa = Create(RSA.Create(2048)),
            ec = Create(ECDsa.Create(ECCurve.NamedCurves.nistP384));
        using RSA publicRsa = rsa.GetRSAPublicKey()!;
        using ECDsa publicEc = ec.GetECDsaPublicKey()!;
        ClientSigningKey rsaKey = ClientSigningKey.FromCertificate(rsa),
            ecKey = ClientSigningKey.FromCertificate(ec);
        const string Input = "input";

        byte[][] rsaSignatures = new byte[32][],
            ecSignatures = new byte[32][];
        Parallel.For(
            0,
            32,
            i =>
            {
                rsaSignatures[i] = Sign(rsaKey, JoseAlgorithm.PS512);
                ecSignatures[i] = Sign(ecKey, JoseAlgorithm.ES384);
            }
        );

        byte[] data = Encoding.ASCII.GetBytes(Input);
        Assert.All(
            rsaSignatures,
            signature => Assert.True(publicRsa.VerifyData(data, signature, HashAlgorithmName.SHA512, RSASignaturePadding.Pss))
        );
        Assert.All(ecSignatures, signature => Assert.True(publicEc.VerifyData(data, signature, HashAlgorithmName.SHA384)));

        static byte[] Sign(ClientSigningKey key, JoseAlgorithm algorithm) =>
            key.SignAsync(algorithm, Input, CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    [Fact]
    public void A_key_that_cannot_be_exported_is_copied_by_its_creator()
    {
        using var pair = RSA.Create(2048);
        var key = RsaJoseKey.Create(new UnexportableRsa(pair), isPrivate: true, copy: () => new UnexportableRsa(pair))!;

        Assert.True(key.Verify(JoseAlgorithm.RS256, "x"u8, key.Sign(JoseAlgorithm.RS256, "x"u8)));
        Assert.Equal("text"u8.ToArray(), key.Decrypt(pair.Encrypt("text"u8, RSAEncryptionPadding.OaepSHA1), RSAEncryptionPadding.OaepSHA1));
    }

    private static X509Certificate2 Create(AsymmetricAlgorithm key)
    {
        CertificateRequest request = key is RSA rsa
            ? new CertificateRequest("CN=api", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest("CN=api", (ECDsa)key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }

    /// <summary>A key that cannot be exported, like one in hardware.</summary>
    private sealed class UnexportableRsa(RSA key) : RSA
    {
        public override int KeySize => key.KeySize;

        public override RSAParameters ExportParameters(bool includePrivateParameters) =>
            includePrivateParameters
                ? throw new CryptographicException("It does not leave.")
                : key.ExportParameters(includePrivateParameters: false);

        public override void ImportParameters(RSAParameters parameters) => throw new NotSupportedException();

        public override byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding) =>
            key.SignHash(hash, hashAlgorithm, padding);

        public override bool VerifyHash(byte[] hash, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding) =>
            key.VerifyHash(hash, signature, hashAlgorithm, padding);

        public override byte[] Decrypt(byte[] data, RSAEncryptionPadding padding) => key.Decrypt(data, padding);
    }
}
