using System.Security.Cryptography;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>How keys of the platform are used, copied and disposed of.</summary>
public sealed class PlatformKeyTests : IDisposable
{
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _rsa = RsaKeys.CreateFirst();

    public void Dispose()
    {
        _ec.Dispose();
        _rsa.Dispose();
    }

    [Fact]
    public void A_public_key_that_is_in_use_is_copied_without_its_private_part()
    {
        Assert.SkipWhen(Environment.ProcessorCount < 2, "A key has one object for each processor.");
        byte[] ofEc = _ec.SignData("x"u8, HashAlgorithmName.SHA256),
            ofRsa = _rsa.SignData("x"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        JoseKey? ec = null,
            rsa = null;
        bool? isEcVerified = null,
            isRsaVerified = null;
        ec = EcJoseKey.Create(
            new PlatformKey.Ec(_ec, () => isEcVerified ??= ec!.Verify(JoseAlgorithm.ES256, "x"u8, ofEc)),
            isPrivate: false
        );
        rsa = RsaJoseKey.Create(
            new PlatformKey.Rsa(_rsa, () => isRsaVerified ??= rsa!.Verify(JoseAlgorithm.RS256, "x"u8, ofRsa)),
            isPrivate: false
        );

        Assert.True(ec!.Verify(JoseAlgorithm.ES256, "x"u8, ofEc));
        Assert.True(rsa!.Verify(JoseAlgorithm.RS256, "x"u8, ofRsa));

        Assert.True(isEcVerified); // by the copy, while the key itself was verifying
        Assert.True(isRsaVerified);
    }

    [Fact]
    public void An_EC_key_that_cannot_be_exported_is_copied_by_its_creator()
    {
        JoseKey key = EcJoseKey.Create(new PlatformKey.Ec(_ec), isPrivate: true, copy: () => new PlatformKey.Ec(_ec))!;

        Assert.True(key.Verify(JoseAlgorithm.ES256, "x"u8, key.Sign(JoseAlgorithm.ES256, "x"u8)));
    }

    [Fact]
    public void A_signature_that_the_platform_cannot_verify_is_invalid()
    {
        byte[] signature = _ec.SignData("x"u8, HashAlgorithmName.SHA256);
        JoseKey key = EcJoseKey.Create(
            new PlatformKey.Ec(_ec, static () => throw new CryptographicException("The platform fails.")),
            isPrivate: false
        )!;

        Assert.False(key.Verify(JoseAlgorithm.ES256, "x"u8, signature));
    }

    [Fact]
    public void A_key_whose_curve_is_written_out_is_rejected()
    {
        using ECDsa written = ECDsa.Create(_ec.ExportExplicitParameters(includePrivateParameters: true));

        Assert.Null(EcJoseKey.Create(written, isPrivate: true));
    }

    [Fact]
    public void A_disposed_key_releases_its_object_and_all_copies()
    {
        var original = new PlatformKey.Ec(_ec);
        var copy = new PlatformKey.Ec(_ec);
        var instances = new KeyInstances<ECDsa>(original, () => copy, lendsOriginal: false);
        instances.Return(instances.Rent());

        instances.Dispose();

        Assert.True(original.IsDisposed);
        Assert.True(copy.IsDisposed);
        Assert.Throws<ObjectDisposedException>(instances.Rent);
    }
}
