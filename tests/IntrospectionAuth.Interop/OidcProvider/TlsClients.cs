using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>Clients of oidc-provider that authenticate by certificates (RFC 8705): files, metadata and the server's TLS files.</summary>
internal sealed class TlsClients : IDisposable
{
    /// <summary>The password of the files with certificates.</summary>
    public const string Password = "password";

    /// <summary>The client whose certificate is issued by an authority.</summary>
    public const string Issued = "api-tls";

    /// <summary>The client whose certificate is self-signed.</summary>
    public const string SelfSigned = "api-self-signed";

    /// <summary>A certificate of no client, from the same authority, with another name.</summary>
    public const string OtherName = "other-name";

    /// <summary>A self-signed certificate of no client, with the name of <see cref="Issued"/>.</summary>
    public const string UnknownClient = "unknownClient";

    private const string Name = "api.example.com";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("introspection-auth-tls-");

    public TlsClients()
    {
        using X509Certificate2 server = TestCertificate.Create(),
            authority = TestCertificate.Create();
        File.WriteAllText(ServerCertificate, server.ExportCertificatePem());
        File.WriteAllText(Path.Combine(Folder, "server.key"), server.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(Folder, "ca.pem"), authority.ExportCertificatePem());

        using X509Certificate2 issued = Create(Name, authority),
            other = Create("another.example.com", authority),
            mine = Create(Name, null),
            unknownClient = Create(Name, null);
        Write(Issued, issued);
        Write(OtherName, other);
        Write(SelfSigned, mine);
        Write(UnknownClient, unknownClient);
        Metadata =
        [
            new JsonObject
            {
                ["client_id"] = Issued,
                ["token_endpoint_auth_method"] = "tls_client_auth",
                ["tls_client_auth_san_dns"] = Name,
            },
            new JsonObject
            {
                ["client_id"] = SelfSigned,
                ["token_endpoint_auth_method"] = "self_signed_tls_client_auth",
                ["jwks"] = new JsonObject { ["keys"] = new JsonArray(JwkOf(mine)) },
            },
        ];
    }

    /// <summary>The folder with the files.</summary>
    public string Folder => _folder.FullName;

    /// <summary>The server's certificate, which its clients must trust.</summary>
    public string ServerCertificate => Path.Combine(Folder, "server.pem");

    /// <summary>The metadata of the clients (RFC 7591).</summary>
    public JsonArray Metadata { get; }

    /// <summary>The PKCS #12 file with a certificate and its key.</summary>
    public string CertificateOf(string name) => Path.Combine(Folder, name + ".p12");

    public void Dispose() => _folder.Delete(recursive: true);

    private static X509Certificate2 Create(string name, X509Certificate2? authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        if (authority is null)
            return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(12));

        X509SignatureGenerator signer = X509SignatureGenerator.CreateForRSA(authority.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.Create(
            authority.SubjectName,
            signer,
            now.AddHours(-1),
            now.AddHours(12),
            RandomNumberGenerator.GetBytes(8)
        );
        return certificate.CopyWithPrivateKey(key);
    }

    private static JsonObject JwkOf(X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPublicKey()!;
        ECPoint point = key.ExportParameters(includePrivateParameters: false).Q;
        return SigningClients.CreateJwk(
            "P-256",
            point,
            new JsonObject { ["x5c"] = new JsonArray(Convert.ToBase64String(certificate.RawData)) }
        );
    }

    private void Write(string name, X509Certificate2 certificate) =>
        File.WriteAllBytes(CertificateOf(name), certificate.Export(X509ContentType.Pkcs12, Password));
}
