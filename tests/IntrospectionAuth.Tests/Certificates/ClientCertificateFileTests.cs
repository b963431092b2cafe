using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IntrospectionAuth.Certificates;
using IntrospectionAuth.Tests.ClientAuthentication;

namespace IntrospectionAuth.Tests.Certificates;

/// <summary>
/// Common formats of client certificate files are accepted, and other files are rejected with the actual reason.
/// </summary>
public sealed class ClientCertificateFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("client-certificate-file");
    private readonly TestAuthority _authority = new();
    private readonly X509Certificate2 _leaf;

    public ClientCertificateFileTests() => _leaf = _authority.Issue("api");

    private string CertificateFile => Path.Combine(_folder.FullName, "tls.crt");

    private string KeyFile => Path.Combine(_folder.FullName, "tls.key");

    private string LeafPem => _leaf.ExportCertificatePem();

    private string IntermediatePem => _authority.Intermediate.ExportCertificatePem();

    private string KeyPem => _leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    public void Dispose()
    {
        _leaf.Dispose();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("leaf, intermediate, key")]
    [InlineData("key, leaf, intermediate")]
    [InlineData("intermediate, key, leaf")]
    [InlineData("root, intermediate, leaf, key")]
    [InlineData("intermediate, other, leaf, key")]
    [InlineData("leaf, EC key, intermediate")]
    [InlineData("leaf, encrypted key, intermediate")]
    [InlineData("text, leaf, text, intermediate, text, key, text")]
    public void PEM_in_any_order_yields_the_certificate_of_the_key_and_its_chain(string order)
    {
        using X509Certificate2 other = CertificateServer.CreateCertificate("other");
        string content = string.Join(
            "\n",
            order
                .Split(", ")
                .Select(part =>
                    part switch
                    {
                        "leaf" => LeafPem,
                        "intermediate" => IntermediatePem,
                        "root" => _authority.Root.ExportCertificatePem(),
                        "other" => other.ExportCertificatePem(),
                        "key" => KeyPem,
                        "EC key" => "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                            + _leaf.GetECDsaPrivateKey()!.ExportECPrivateKeyPem(),
                        "encrypted key" => _leaf
                            .GetECDsaPrivateKey()!
                            .ExportEncryptedPkcs8PrivateKeyPem(
                                KeyMaterial.Password,
                                new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)
                            ),
                        _ => "subject=CN = api\nissuer=CN = intermediate",
                    }
                )
        );

        AssertRead(Encoding.UTF8.GetBytes(content), key: null);
        AssertRead(Encoding.UTF8.GetBytes(content.ReplaceLineEndings("\r\n")), key: null);
        AssertRead([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(content)], key: null);
    }

    [Fact]
    public void Certificates_and_their_key_may_be_two_files()
    {
        byte[] key = Encoding.UTF8.GetBytes(KeyPem);

        AssertRead(Encoding.UTF8.GetBytes(LeafPem + "\n" + IntermediatePem), key);
        AssertRead(Encoding.UTF8.GetBytes(LeafPem + "\n" + IntermediatePem), _leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKey());
        AssertRead(_leaf.RawData, key, chain: []);
    }

    [Trait("Load", "Heavy")]
    [Theory]
    [InlineData(1, true)]
    [InlineData(300_001, false)]
    [InlineData(1_000_000, false)]
    public void A_PKCS_12_file_is_accepted_regardless_of_its_number_of_iterations(int iterations, bool isAcceptedByDefault)
    {
        byte[] content = new X509Certificate2Collection { _authority.Intermediate, _leaf }.ExportPkcs12(
            new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterations),
            KeyMaterial.Password
        );

        if (!isAcceptedByDefault)
            // Proves that the limit of the platform applies
            Assert.Throws<Pkcs12LoadLimitExceededException>(() => X509CertificateLoader.LoadPkcs12(content, KeyMaterial.Password));

        AssertRead(content, key: null);
    }

    [Fact]
    public void A_PKCS_12_file_that_would_take_minutes_is_rejected_at_once_with_the_reason()
    {
        byte[] content = _leaf.ExportPkcs12(
            new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2000),
            KeyMaterial.Password
        );
        byte[] few = [0x02, 0x02, 0x07, 0xD0],
            many = [0x02, 0x04, 0x7F, 0xFF, 0xFF, 0xFF]; // DER of the number
        Assert.True(content.AsSpan().IndexOf(few) > 0);

        (PresentedCertificate? certificate, string? fault, bool isAboutKey) = ClientCertificateReader.Read(
            WithIterations(content, few, many),
            key: null,
            KeyMaterial.Password
        );

        Assert.Equal((null, false), (certificate, isAboutKey));
        Assert.StartsWith("is a PKCS #12 file with more than 10000000 key derivation iterations", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_PKCS_12_file_with_several_keys_yields_the_one_that_does_not_belong_to_a_CA()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true)
        );
        using X509Certificate2 authority = request.CreateSelfSigned(TestAuthority.NotBefore, TestAuthority.NotAfter);

        AssertRead(
            new X509Certificate2Collection { authority, _authority.Intermediate, _leaf }.Export(
                X509ContentType.Pkcs12,
                KeyMaterial.Password
            )!,
            key: null
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_certificate_without_constraints_does_not_belong_to_a_CA(bool isFirst)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true)
        );
        using X509Certificate2 authority = request.CreateSelfSigned(TestAuthority.NotBefore, TestAuthority.NotAfter),
            leaf = CertificateServer.CreateCertificate("api");
        X509Certificate2Collection all = isFirst ? [leaf, authority] : [authority, leaf];

        (PresentedCertificate? certificate, _, _) = ClientCertificateReader.Read(
            all.Export(X509ContentType.Pkcs12)!,
            key: null,
            password: null
        );

        Assert.Equal(leaf.Thumbprint, certificate!.Context.TargetCertificate.Thumbprint);
    }

    [Fact]
    public async Task An_empty_path_of_the_key_is_none()
    {
        await File.WriteAllBytesAsync(CertificateFile, _leaf.Export(X509ContentType.Pkcs12));

        Assert.Null(ClientCertificates.FindFault(new() { CertificatePath = CertificateFile, CertificateKeyPath = "" }));
    }

    [Theory]
    [InlineData(
        "certificate without key",
        "CertificatePath does not lead to a usable certificate: its content is a certificate without its private key. Set "
            + "CertificateKeyPath to the file with the key"
    )]
    [InlineData(
        "certificate in DER",
        "CertificatePath does not lead to a usable certificate: its content is a certificate without its private key. Set "
            + "CertificateKeyPath to the file with the key"
    )]
    [InlineData(
        "another's key",
        "CertificatePath does not lead to a usable certificate: its content has a private key that does not belong to any of "
            + "the certificates"
    )]
    [InlineData(
        "another's key beside it",
        "CertificateKeyPath does not lead to a usable key: its content has a private key that does not belong to any of the certificates"
    )]
    [InlineData(
        "key alone",
        "CertificatePath does not lead to a usable certificate: its content is neither PEM with a certificate (-----BEGIN "
            + "CERTIFICATE-----) nor a PKCS #12 file"
    )]
    [InlineData(
        "damaged certificate",
        "CertificatePath does not lead to a usable certificate: its content has a certificate that is damaged"
    )]
    [InlineData("UTF-16", "CertificatePath does not lead to a usable certificate: its content is UTF-16 text. Save it as UTF-8 or ASCII")]
    [InlineData("blanks", "CertificatePath does not lead to a usable certificate: its content is empty")]
    [InlineData(
        "PKCS #7",
        "CertificatePath does not lead to a usable certificate: its content is a PKCS #7 file, which has no private key"
    )]
    [InlineData("damaged PKCS #12", "CertificatePath does not lead to a usable certificate: its content is ")]
    [InlineData(
        "empty PKCS #12",
        "CertificatePath does not lead to a usable certificate: its content is a PKCS #12 file without a certificate"
    )]
    [InlineData(
        "garbled PKCS #12",
        "CertificatePath does not lead to a usable certificate: its content is a PKCS #12 file that is damaged, or encrypted with an "
            + "unsupported algorithm"
    )]
    [InlineData("noise in DER", "CertificatePath does not lead to a usable certificate: its content is ")]
    [InlineData(
        "two keys",
        "CertificatePath does not lead to a usable certificate: its content has 2 private keys; it must have exactly one"
    )]
    public async Task Anything_but_a_certificate_with_its_key_is_rejected_with_the_actual_reason(string kind, string reason)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] content = kind switch
        {
            "certificate without key" or "another's key beside it" => Encoding.UTF8.GetBytes(LeafPem),
            "certificate in DER" => _leaf.RawData,
            "another's key" => Encoding.UTF8.GetBytes(LeafPem + "\n" + other.ExportPkcs8PrivateKeyPem()),
            "key alone" => Encoding.UTF8.GetBytes(KeyPem),
            "damaged certificate" => Encoding.UTF8.GetBytes("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n" + KeyPem),
            "UTF-16" => Encoding.Unicode.GetBytes(LeafPem + "\n" + KeyPem),
            "blanks" => "\n\n"u8.ToArray(),
            "PKCS #7" => new X509Certificate2Collection(_leaf).Export(X509ContentType.Pkcs7)!,
            "damaged PKCS #12" => _leaf.Export(X509ContentType.Pkcs12, "")[..200],
            "empty PKCS #12" => CreatePkcs12([0x30, 0x00]),
            "garbled PKCS #12" => CreatePkcs12([0x30, 0x03, 0x01, 0x01, 0xFF]),
            "two keys" => Encoding.UTF8.GetBytes(LeafPem + "\n" + KeyPem + "\n" + KeyPem),
            _ => [0x30, 0x03, 0x01, 0x01, 0xFF],
        };
        await File.WriteAllBytesAsync(CertificateFile, content);
        await File.WriteAllTextAsync(KeyFile, other.ExportPkcs8PrivateKeyPem());

        string? fault = ClientCertificates.FindFault(
            new() { CertificatePath = CertificateFile, CertificateKeyPath = kind == "another's key beside it" ? KeyFile : null }
        );

        Assert.StartsWith(reason, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("MII", fault, StringComparison.Ordinal);
    }

    private void AssertRead(byte[] certificates, byte[]? key, string[]? chain = null)
    {
        (PresentedCertificate? certificate, string? fault, _) = ClientCertificateReader.Read(certificates, key, KeyMaterial.Password);

        Assert.Null(fault);
        Assert.Equal(_leaf.Thumbprint, certificate!.Context.TargetCertificate.Thumbprint);
        Assert.True(certificate.Context.TargetCertificate.HasPrivateKey);
        Assert.Equal(
            chain ?? [_authority.Intermediate.Thumbprint],
            certificate.Context.IntermediateCertificates.Select(it => it.Thumbprint)
        );
        certificate.Dispose();
    }

    /// <summary>Creates a file without a MAC (RFC 7292, section 4).</summary>
    private static byte[] CreatePkcs12(byte[] authenticatedSafe)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(3);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.7.1"); // data
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                    writer.WriteOctetString(authenticatedSafe);
            }
        }

        return writer.Encode();
    }

    /// <summary>Raises the number of iterations of the MAC, which is at the end of the file.</summary>
    private static byte[] WithIterations(byte[] content, byte[] few, byte[] many)
    {
        var file = new AsnReader(content, AsnEncodingRules.BER);
        AsnReader outer = file.ReadSequence();
        ReadOnlyMemory<byte> version = outer.ReadEncodedValue(),
            safe = outer.ReadEncodedValue(),
            mac = outer.ReadEncodedValue();
        AsnReader inner = new AsnReader(mac, AsnEncodingRules.BER).ReadSequence();
        ReadOnlyMemory<byte> digest = inner.ReadEncodedValue(),
            salt = inner.ReadEncodedValue();
        Assert.Equal(few, inner.ReadEncodedValue().ToArray());

        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(version.Span);
            writer.WriteEncodedValue(safe.Span);
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(digest.Span);
                writer.WriteEncodedValue(salt.Span);
                writer.WriteEncodedValue(many);
            }
        }

        return writer.Encode();
    }
}
