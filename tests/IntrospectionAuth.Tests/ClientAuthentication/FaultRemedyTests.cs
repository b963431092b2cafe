using System.Security.Cryptography;
using IntrospectionAuth.Tests.Jose;

namespace IntrospectionAuth.Tests.ClientAuthentication;

/// <summary>What is said about invalid options ends with the way to mend them.</summary>
public sealed class FaultRemedyTests
{
    private const string Secret = "a secret of 32 bytes, ü included";

    public static TheoryData<string, Action<OAuthIntrospectionOptions>, string> Faults =>
        new()
        {
            {
                "none",
                options => options.ClientSecret = Secret,
                "ClientSecret is set, but the client authentication method none never sends it. Remove ClientSecret, or choose "
                    + "client_secret_basic or client_secret_post."
            },
            {
                "client_secret_jwt",
                options => (options.ClientSecret, options.Authority) = (Secret, null),
                "The audience of the assertions of client_secret_jwt is not known. Set ClientAssertionAudience to the issuer of the "
                    + "authorization server, or Authority if that is its issuer."
            },
            {
                "client_secret_jwt",
                options => (options.ClientSecret, options.SigningAlgorithm) = (Secret, "ES256"),
                "SigningAlgorithm is not HS256, HS384 or HS512, by which client_secret_jwt signs. Remove it, or choose private_key_jwt."
            },
            {
                "client_secret_jwt",
                static _ => { },
                "ClientSecret is not set, but the client authentication method client_secret_jwt signs with it. Set ClientSecret, or "
                    + "another ClientAuthenticationMethod."
            },
            {
                "client_secret_jwt",
                options => options.ClientSecret = "short",
                "ClientSecret is shorter than 32 bytes, and HS256 needs as many (RFC 7518, section 3.2). Have the authorization server "
                    + "issue a longer one, or choose another ClientAuthenticationMethod."
            },
            {
                "private_key_jwt",
                options => options.SigningKeyPath = "/nowhere/client.pem",
                "SigningKeyPath does not lead to a usable key: there is no such file. Set SigningKeyPath to a file that this process may "
                    + "read, with one private key in PEM or DER (RSA of 2048 to 8192 bits, EC on P-256, P-384 or P-521) that goes with "
                    + "SigningAlgorithm, and SigningKeyPassword if the key is encrypted."
            },
            {
                "private_key_jwt",
                options =>
                {
                    using var rsa = RsaKeys.CreateFirst();
                    options.SigningKey = ClientSigningKey.FromPem(rsa.ExportPkcs8PrivateKeyPem());
                    options.SigningAlgorithm = "ES256";
                },
                "SigningAlgorithm does not go with SigningKey. Remove it, or set one of RS256, RS384, RS512, PS256, PS384, PS512."
            },
            {
                "tls_client_auth",
                static _ => { },
                "CertificatePath is not set, but the client authentication method tls_client_auth presents a certificate. Set "
                    + "CertificatePath to a PKCS #12 or PEM file, or ClientCertificate in code."
            },
            {
                "tls_client_auth",
                options => options.CertificatePath = "/nowhere/api.p12",
                "CertificatePath does not lead to a usable certificate: there is no such file. Set CertificatePath to a file that this "
                    + "process may read: PKCS #12 with its private key, or PEM with the private key in it or at CertificateKeyPath; and "
                    + "CertificatePassword if it is encrypted."
            },
            {
                "tls_client_auth",
                options =>
                {
                    options.IntrospectionEndpoint = "http://localhost/introspect";
                    options.ClientCertificate = Certificates.CertificateServer.CreateCertificate("api");
                },
                "IntrospectionEndpoint is plain http, but the client authentication method tls_client_auth shows a certificate in the TLS "
                    + "handshake. Use https."
            },
            {
                "client_credentials",
                options => options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.None,
                "ClientCredentials.AuthenticationMethod is none, which cannot authenticate a client to a token endpoint. Choose one of "
                    + "client_secret_basic, client_secret_basic_raw, client_secret_jwt, client_secret_post, private_key_jwt, "
                    + "self_signed_tls_client_auth, tls_client_auth."
            },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_of_the_options_says_what_to_set(string method, Action<OAuthIntrospectionOptions> configure, string fault)
    {
        var options = new OAuthIntrospectionOptions { ClientId = "api", Authority = "https://auth.example.com" };
        configure(options);

        Assert.Equal(fault, Assert.Single(ClientAuthenticationMethod.Find(method)!.Validate(options)));
    }

    [Fact]
    public void The_known_methods_are_listed_in_order()
    {
        Assert.Equal(
            [
                "client_credentials",
                "client_secret_basic",
                "client_secret_basic_raw",
                "client_secret_jwt",
                "client_secret_post",
                "none",
                "presented_token",
                "private_key_jwt",
                "self_signed_tls_client_auth",
                "tls_client_auth",
            ],
            ClientAuthenticationMethod.Names
        );
    }

    [Fact]
    public void An_unusable_key_in_code_is_rejected_with_the_reason()
    {
        var isPublic = Assert.Throws<ArgumentException>(() => ClientSigningKey.FromJwk(RfcKeys.ThumbprintKey));
        var unknown = Assert.Throws<ArgumentException>(() => ClientSigningKey.FromSigner("HS256", (_, _) => new([])));

        Assert.StartsWith("The key is not private.", isPublic.Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The algorithm is not one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512.",
            unknown.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_method_of_the_token_endpoint_cannot_be_null() =>
        Assert.Throws<ArgumentNullException>(() => new OAuthIntrospectionOptions().ClientCredentials.AuthenticationMethod = null!);
}
