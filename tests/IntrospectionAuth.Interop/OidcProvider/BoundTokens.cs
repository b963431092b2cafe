using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>A client of oidc-provider that obtains tokens bound to its key (RFC 9449) or certificate (RFC 8705, section 3).</summary>
/// <param name="certificates">The certificate that the server must present and the one that this client presents.</param>
internal sealed class BoundTokens(TlsClients certificates) : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate = X509CertificateLoader.LoadPkcs12FromFile(
        certificates.CertificateOf(TlsClients.UnknownClient),
        TlsClients.Password
    );

    public void Dispose()
    {
        _key.Dispose();
        _certificate.Dispose();
    }

    /// <summary>Obtains a token that is bound to this client's key.</summary>
    public Task<string> IssueDPoPBoundAsync(string endpoint, Dictionary<string, string> form) =>
        IssueAsync(new SocketsHttpHandler(), endpoint, form, CreateProof("POST", endpoint));

    /// <summary>Obtains a token that is bound to this client's certificate.</summary>
    public Task<string> IssueCertificateBoundAsync(string endpoint, Dictionary<string, string> form)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(_certificate, additionalCertificates: null);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) =>
            shown is X509Certificate2 certificate && certificate.ExportCertificatePem() == File.ReadAllText(certificates.ServerCertificate);
        return IssueAsync(handler, endpoint, form, proof: null);
    }

    private static async Task<string> IssueAsync(
        SocketsHttpHandler handler,
        string endpoint,
        Dictionary<string, string> form,
        string? proof
    )
    {
        handler.UseProxy = false;
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(form) };
        if (proof is not null)
            request.Headers.Add("DPoP", proof);

        using HttpResponseMessage response = await client.SendAsync(request);
        string body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(body)!["access_token"]!.GetValue<string>()
            : throw new InvalidOperationException($"The token endpoint responded with {(int)response.StatusCode}: {body}");
    }

    /// <summary>Creates a proof for a request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="url">The URL.</param>
    /// <param name="token">The token of the request; null for a token request.</param>
    /// <param name="nonce">The nonce of the receiver.</param>
    public string CreateProof(string method, string url, string? token = null, string? nonce = null)
    {
        JsonObject jwk = SigningClients.CreateJwk("P-256", _key.ExportParameters(includePrivateParameters: false).Q, []);
        var header = new JsonObject
        {
            ["typ"] = "dpop+jwt",
            ["alg"] = "ES256",
            ["jwk"] = jwk,
        };
        var claims = new JsonObject
        {
            ["jti"] = Guid.NewGuid().ToString(),
            ["htm"] = method,
            ["htu"] = url,
            ["iat"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
        };
        if (token is not null)
            claims["ath"] = Base64UrlText.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        if (nonce is not null)
            claims["nonce"] = nonce;
        string signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64UrlText.Encode(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private static string Encode(JsonObject json) => Base64UrlText.Encode(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
