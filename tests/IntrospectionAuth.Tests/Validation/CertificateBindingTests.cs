using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Certificates;
using IntrospectionAuth.Tests.Challenge;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Validation;

/// <summary>Tokens that are bound to a certificate (RFC 8705, section 3), over real TLS sockets.</summary>
public sealed class CertificateBindingTests : IDisposable
{
    private const string Refused =
        "Bearer error=\"invalid_token\", error_description=\"The request does not prove possession of the key of the access token.\"";

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly X509Certificate2 _certificate = CertificateServer.CreateCertificate("client");
    private readonly X509Certificate2 _other = CertificateServer.CreateCertificate("client"); // same name, other key

    [Fact]
    public async Task Only_the_bound_certificate_is_accepted_cached_or_not()
    {
        await using CertificateApi api = await CertificateApi.StartAsync(_server);
        string token = IssueBound(_certificate);

        for (int round = 0; round < 2; round++)
        {
            await AssertRefusedAsync(api.GetAsync(token));
            await AssertRefusedAsync(api.GetAsync(token, _other));
            await AssertAcceptedAsync(api.GetAsync(token, _certificate));
        }

        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_certificate_does_not_affect_an_unbound_token()
    {
        await using CertificateApi api = await CertificateApi.StartAsync(_server);
        string token = _server.IssueToken("read");

        await AssertAcceptedAsync(api.GetAsync(token, _other));
        await AssertAcceptedAsync(api.GetAsync(token));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("the first half")]
    [InlineData("padded")]
    [InlineData("one character more")]
    [InlineData("lower case")]
    [InlineData("another first character")]
    [InlineData("another last character")]
    public async Task Only_the_complete_thumbprint_matches(string what)
    {
        await using CertificateApi api = await CertificateApi.StartAsync(_server);
        string right = CertificateApi.ThumbprintOf(_certificate);
        string wrong = what switch
        {
            "nothing" => "",
            "the first half" => right[..21],
            "padded" => right + "=",
            "one character more" => right + "A",
            "lower case" => right.ToLowerInvariant(),
            "another first character" => (right[0] == 'A' ? 'B' : 'A') + right[1..],
            _ => right[..^1] + (char)(right[^1] + 1),
        };

        await AssertRefusedAsync(api.GetAsync(IssueBound(wrong), _certificate));
    }

    [Fact]
    public async Task A_token_that_is_also_bound_to_a_key_is_rejected_without_its_proof()
    {
        await using CertificateApi api = await CertificateApi.StartAsync(_server);
        string token = Issue(
            new Dictionary<string, object?>
            {
                ["x5t#S256"] = CertificateApi.ThumbprintOf(_certificate),
                ["jkt"] = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
            }
        );

        using HttpResponseMessage response = await api.GetAsync(token, _certificate);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("must be presented with a DPoP proof", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_requested_late_is_used()
    {
        await using CertificateApi api = await CertificateApi.StartAsync(_server, ClientCertificateMode.DelayCertificate);
        string token = IssueBound(_certificate);

        await AssertAcceptedAsync(api.GetAsync(token, _certificate));
        await AssertRefusedAsync(api.GetAsync(token, _other));
    }

    [Fact]
    public async Task A_request_is_rejected_when_its_body_prevents_a_late_certificate_request()
    {
        await using CertificateApi api = await CertificateApi.StartAsync(_server, ClientCertificateMode.DelayCertificate);
        string token = IssueBound(_certificate);
        using var body = new ByteArrayContent(new byte[512 * 1024]);

        await AssertRefusedAsync(api.GetAsync(token, _certificate, body: body));
    }

    [Fact]
    public async Task A_forwarded_certificate_is_used_when_the_application_reads_it()
    {
        await using CertificateApi api = await CertificateApi.StartAsync(
            _server,
            ClientCertificateMode.NoCertificate,
            UseForwarding,
            AddForwarding
        );
        string token = IssueBound(_certificate);

        await AssertAcceptedAsync(api.GetAsync(token, forwarded: Forward(_certificate)));
        await AssertRefusedAsync(api.GetAsync(token, forwarded: Forward(_other)));
        await AssertRefusedAsync(api.GetAsync(token));
    }

    [Fact]
    public async Task A_forwarded_certificate_may_have_the_format_of_nginx()
    {
        await using CertificateApi api = await CertificateApi.StartAsync(
            _server,
            ClientCertificateMode.NoCertificate,
            UseForwarding,
            services =>
                services.AddCertificateForwarding(options =>
                {
                    options.CertificateHeader = "X-Client-Cert";
                    options.HeaderConverter = header => X509Certificate2.CreateFromPem(Uri.UnescapeDataString(header));
                })
        );
        string token = IssueBound(_certificate);

        await AssertAcceptedAsync(api.GetAsync(token, forwarded: Uri.EscapeDataString(_certificate.ExportCertificatePem())));
        await AssertRefusedAsync(api.GetAsync(token, forwarded: Forward(_certificate)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("none")]
    [InlineData("%s")]
    [InlineData("AAAA")]
    public async Task A_header_that_holds_no_certificate_proves_nothing(string header)
    {
        await using CertificateApi api = await CertificateApi.StartAsync(
            _server,
            ClientCertificateMode.NoCertificate,
            UseForwarding,
            AddForwarding
        );

        await AssertRefusedAsync(api.GetAsync(IssueBound(_certificate), forwarded: header));
    }

    [Fact]
    public async Task A_forwarded_certificate_is_ignored_when_the_application_does_not_read_it()
    {
        await using CertificateApi api = await CertificateApi.StartAsync(_server);
        string token = IssueBound(_certificate);

        await AssertRefusedAsync(api.GetAsync(token, forwarded: Forward(_certificate)));
        await AssertRefusedAsync(api.GetAsync(token, _other, Forward(_certificate)));
    }

    public void Dispose()
    {
        _server.Dispose();
        _certificate.Dispose();
        _other.Dispose();
    }

    private static void AddForwarding(IServiceCollection services) =>
        services.AddCertificateForwarding(options => options.CertificateHeader = "X-Client-Cert");

    private static void UseForwarding(WebApplication app)
    {
        app.UseCertificateForwarding();
        app.UseAuthentication();
        app.UseAuthorization();
    }

    private static string Forward(X509Certificate2 certificate) => Convert.ToBase64String(certificate.RawData);

    private static async Task AssertAcceptedAsync(Task<HttpResponseMessage> request)
    {
        using HttpResponseMessage response = await request;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task AssertRefusedAsync(Task<HttpResponseMessage> request)
    {
        using HttpResponseMessage response = await request;
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(Refused, response.Headers.WwwAuthenticate.ToString());
    }

    private string IssueBound(X509Certificate2 certificate) => IssueBound(CertificateApi.ThumbprintOf(certificate));

    private string IssueBound(string thumbprint) => Issue(new Dictionary<string, object?> { ["x5t#S256"] = thumbprint });

    private string Issue(Dictionary<string, object?> confirmation) => _server.IssueToken(token => token.Members["cnf"] = confirmation);
}
