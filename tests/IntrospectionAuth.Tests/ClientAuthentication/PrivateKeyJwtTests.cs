using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Jose;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.ClientAuthentication;

/// <summary><c>private_key_jwt</c>: what is signed, by which key, and what is said where there is none.</summary>
public sealed class PrivateKeyJwtTests
{
    private const string Issuer = "https://auth.example.com";

    [Theory]
    [InlineData(null, "RS256")]
    [InlineData("RS256", "RS256")]
    [InlineData("PS256", "PS256")]
    [InlineData("PS384", "PS384")]
    [InlineData("PS512", "PS512")]
    [InlineData("RS384", "RS384")]
    [InlineData("RS512", "RS512")]
    public async Task An_RSA_key_signs_with_the_configured_algorithm(string? algorithm, string expected)
    {
        using var rsa = RsaKeys.CreateFirst();

        Assertion assertion = await CaptureAssertionAsync(
            ClientSigningKey.FromPem(rsa.ExportPkcs8PrivateKeyPem()),
            RsaJoseKey.Create(rsa, isPrivate: false)!,
            options => options.SigningAlgorithm = algorithm
        );

        Assert.Equal($$"""{"alg":"{{expected}}","typ":"JWT"}""", assertion.Header.ToJsonString());
    }

    [Theory]
    [InlineData("nistP256", "ES256")]
    [InlineData("nistP384", "ES384")]
    [InlineData("nistP521", "ES512")]
    public async Task An_EC_key_signs_with_the_algorithm_of_its_curve(string curve, string expected)
    {
        using var ecdsa = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));

        Assertion assertion = await CaptureAssertionAsync(
            ClientSigningKey.FromPem(ecdsa.ExportECPrivateKeyPem()),
            EcJoseKey.Create(ecdsa, isPrivate: false)!
        );

        Assert.Equal(expected, assertion.Jws.Header.Algorithm.Name);
    }

    [Fact]
    public async Task The_claims_are_those_of_RFC_7523_and_expire_after_a_minute()
    {
        Assertion assertion = await CaptureAssertionAsync(ClientSigningKey.FromJwk(RfcKeys.Es256Key), Key(RfcKeys.Es256Key));

        long now = ManualTimeProvider.Start.ToUnixTimeSeconds();
        Assert.Equal(["iss", "sub", "aud", "jti", "iat", "exp"], assertion.Claims.Select(claim => claim.Key));
        Assert.Equal(("api", "api", Issuer), (Claim(assertion, "iss"), Claim(assertion, "sub"), Claim(assertion, "aud")));
        Assert.Equal((now, now + 60), (assertion.Claims["iat"]!.GetValue<long>(), assertion.Claims["exp"]!.GetValue<long>()));
        Assert.Equal(16, Base64UrlText.Decode(Claim(assertion, "jti"))!.Length);
    }

    [Fact]
    public async Task The_configured_audience_takes_precedence_over_the_authority()
    {
        Assertion assertion = await CaptureAssertionAsync(
            ClientSigningKey.FromJwk(RfcKeys.Es256Key),
            Key(RfcKeys.Es256Key),
            options => options.ClientAssertionAudience = Issuer + "/token"
        );

        Assert.Equal(Issuer + "/token", Claim(assertion, "aud"));
    }

    [Fact]
    public async Task The_configured_type_and_key_id_are_sent()
    {
        Assertion assertion = await CaptureAssertionAsync(
            ClientSigningKey.FromJwk(RfcKeys.Es256Key),
            Key(RfcKeys.Es256Key),
            options =>
            {
                options.ClientAssertionType = "client-authentication+jwt";
                options.SigningKeyId = "2026-\"01\"";
            }
        );

        Assert.Equal(
            ("client-authentication+jwt", "2026-\"01\""),
            (assertion.Header["typ"]!.GetValue<string>(), assertion.Header["kid"]!.GetValue<string>())
        );
    }

    [Fact]
    public async Task The_kid_and_alg_of_a_JWK_are_used()
    {
        string jwk = RfcKeys.BilboKey.Replace("\"use\":\"sig\"", "\"alg\":\"PS256\"", StringComparison.Ordinal);

        Assertion assertion = await CaptureAssertionAsync(ClientSigningKey.FromJwk(jwk), Key(jwk));

        Assert.Equal("""{"alg":"PS256","typ":"JWT","kid":"bilbo.baggins@hobbiton.example"}""", assertion.Header.ToJsonString());
    }

    [Theory]
    [InlineData("RSA")]
    [InlineData("EC")]
    public async Task A_certificate_signs_and_sends_its_thumbprint(string type)
    {
        using var rsa = RsaKeys.CreateFirst();
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request =
            type == "RSA"
                ? new("CN=api", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                : new("CN=api", ecdsa, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(ManualTimeProvider.Start, ManualTimeProvider.Start.AddDays(1));
        JoseKey key = type == "RSA" ? RsaJoseKey.Create(rsa, isPrivate: false)! : EcJoseKey.Create(ecdsa, isPrivate: false)!;

        Assertion assertion = await CaptureAssertionAsync(ClientSigningKey.FromCertificate(certificate), key);

        Assert.Equal(Base64UrlText.Encode(SHA256.HashData(certificate.RawData)), assertion.Header["x5t#S256"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_delegate_signs_with_a_key_in_another_place()
    {
        using var vault = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var key = ClientSigningKey.FromSigner(
            "ES384",
            async (data, _) =>
            {
                await Task.Yield();
                return vault.SignData(data.Span, HashAlgorithmName.SHA384);
            }
        );

        Assertion assertion = await CaptureAssertionAsync(key, EcJoseKey.Create(vault, isPrivate: false)!);

        Assert.Equal("ES384", assertion.Jws.Header.Algorithm.Name);
    }

    [Fact]
    public async Task An_invalid_signature_of_a_delegate_is_not_sent()
    {
        using var vault = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Func<ReadOnlyMemory<byte>, byte[]>[] wrong =
        [
            data => vault.SignData(data.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
            _ => [],
            _ => null!,
            _ => throw new TimeZoneNotFoundException(),
        ];

        foreach (Func<ReadOnlyMemory<byte>, byte[]> sign in wrong)
        {
            await using FakeAuthorizationServer server = CreateServer();
            await using TestApi api = await StartAsync(
                server,
                ClientSigningKey.FromSigner("ES256", (data, _) => ValueTask.FromResult(sign(data)))
            );

            using HttpResponseMessage response = await api.GetAsync("/me", "token");

            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(0, server.CallCount);
            Assert.Contains(api.Log.Entries, entry => entry.Event.Name == "ClientAuthenticationFailed");
        }
    }

    [Fact]
    public async Task Each_call_and_each_repetition_has_its_own_assertion()
    {
        await using FakeAuthorizationServer server = CreateServer();
        server.RespondWith(503, calls: 1);
        // A signature that is the same each time
        await using TestApi api = await StartAsync(server, ClientSigningKey.FromJwk(RfcKeys.Rs256Key));

        (await api.GetAsync("/me", "one")).EnsureSuccessStatusCode().Dispose(); // repeated once
        (await api.GetAsync("/me", "two")).EnsureSuccessStatusCode().Dispose();

        string[] ids = [.. server.Calls.Select(call => Claim(Assertion.Verify(call, Key(RfcKeys.Rs256Key)), "jti"))];
        Assert.Equal(3, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task No_log_contains_a_key_or_an_assertion()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(401, """{"error":"invalid_client"}""");
        await using TestApi api = await StartAsync(server, ClientSigningKey.FromJwk(RfcKeys.Es256Key));

        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        string assertion = Assertion.Verify(Assert.Single(server.Calls), Key(RfcKeys.Es256Key)).Text;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(api.Log.Entries, entry => entry.Event.Name == "CredentialsRefused");
        Assert.All(assertion.Split('.'), part => Assert.DoesNotContain(part, api.Log.Text, StringComparison.Ordinal));
        Assert.DoesNotContain("jpsQnnGQ", api.Log.Text, StringComparison.Ordinal);
        Assert.Equal("IntrospectionAuth.ClientSigningKey", ((object)ClientSigningKey.FromJwk(RfcKeys.Es256Key)).ToString());
    }

    [Fact]
    public void A_key_that_cannot_sign_is_rejected_with_a_message_without_the_key()
    {
        using var small = RSA.Create(1024);
        using var rsa = RsaKeys.CreateFirst();
        using X509Certificate2 bare = X509CertificateLoader.LoadCertificate(
            new CertificateRequest("CN=api", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                .CreateSelfSigned(ManualTimeProvider.Start, ManualTimeProvider.Start.AddDays(1))
                .Export(X509ContentType.Cert)
        );
        Action[] wrong =
        [
            () => ClientSigningKey.FromPem(small.ExportPkcs8PrivateKeyPem()),
            () => ClientSigningKey.FromPem(rsa.ExportSubjectPublicKeyInfoPem()),
            () => ClientSigningKey.FromPem("secret"),
            () => ClientSigningKey.FromPem(""),
            () => ClientSigningKey.FromJwk(RfcKeys.ThumbprintKey), // public
            () => ClientSigningKey.FromJwk(RfcKeys.Hs256Key),
            () => ClientSigningKey.FromJwk(RfcKeys.EncryptionKey),
            () => ClientSigningKey.FromJwk(RfcKeys.Es256Key + "secret"),
            () => ClientSigningKey.FromCertificate(bare),
            () => ClientSigningKey.FromSigner("HS256", (_, _) => ValueTask.FromResult<byte[]>([])),
            () => ClientSigningKey.FromSigner("none", (_, _) => ValueTask.FromResult<byte[]>([])),
        ];

        Assert.All(
            wrong,
            action =>
            {
                var exception = Assert.ThrowsAny<ArgumentException>(action);
                Assert.DoesNotContain(
                    "secret",
                    exception.ToString().Replace("PrivateKeyJwtTests", "", StringComparison.Ordinal),
                    StringComparison.Ordinal
                );
                Assert.Null(exception.InnerException);
            }
        );
    }

    [Theory]
    [InlineData(null, Issuer, null, null, "ClientId is not set")]
    [InlineData("api", null, null, null, "The audience of the assertions of private_key_jwt is not known")]
    [InlineData("api", " ", null, null, "The audience of the assertions of private_key_jwt is not known")]
    [InlineData("api", Issuer, "PS256", null, "SigningAlgorithm does not go with SigningKey. Remove it, or set one of ES256.")]
    [InlineData("api", Issuer, "none", null, "SigningAlgorithm does not go with SigningKey")]
    [InlineData("api", Issuer, null, "client.pem", "SigningKey and SigningKeyPath are both set")]
    public void Missing_or_contradictory_options_are_reported_at_startup(
        string? id,
        string? authority,
        string? algorithm,
        string? path,
        string fault
    )
    {
        var options = new OAuthIntrospectionOptions
        {
            ClientId = id,
            Authority = authority,
            SigningAlgorithm = algorithm,
            SigningKeyPath = path,
            SigningKey = ClientSigningKey.FromJwk(RfcKeys.Es256Key),
        };

        Assert.StartsWith(fault, Assert.Single(ClientAuthenticationMethod.PrivateKeyJwt.Validate(options)), StringComparison.Ordinal);
    }

    private static string Claim(Assertion assertion, string name) => assertion.Claims[name]!.GetValue<string>();

    private static JoseKey Key(string jwk) => JsonWebKeyReader.Read(jwk, out _)!;

    private static FakeAuthorizationServer CreateServer()
    {
        var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true}""");
        return server;
    }

    private static Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        ClientSigningKey key,
        Action<OAuthIntrospectionOptions>? configure = null
    ) =>
        TestApi.StartAsync(
            server,
            options =>
            {
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.PrivateKeyJwt;
                options.ClientId = "api";
                options.Authority = Issuer;
                options.SigningKey = key;
                configure?.Invoke(options);
            },
            new ManualTimeProvider()
        );

    private static async Task<Assertion> CaptureAssertionAsync(
        ClientSigningKey key,
        JoseKey publicKey,
        Action<OAuthIntrospectionOptions>? configure = null
    )
    {
        await using FakeAuthorizationServer server = CreateServer();
        await using TestApi api = await StartAsync(server, key, configure);

        using HttpResponseMessage response = await api.GetAsync("/me", "opaque-4711");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        IntrospectionCall call = Assert.Single(server.Calls);
        Assert.Equal("api", call.Parameters["client_id"]);
        return Assertion.Verify(call, publicKey);
    }
}
