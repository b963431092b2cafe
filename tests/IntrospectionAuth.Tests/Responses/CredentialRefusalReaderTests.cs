using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Tests.Responses;

/// <summary>Which responses reject the credentials of this API, and what the log says to check.</summary>
public sealed class CredentialRefusalReaderTests
{
    [Theory]
    [InlineData(400, "invalid_client", "OfClient")]
    [InlineData(401, "invalid_client", "OfClient")]
    [InlineData(404, "unauthorized_client", "OfClient")]
    [InlineData(499, "invalid_client", "OfClient")]
    [InlineData(302, "invalid_client", "No")]
    [InlineData(399, "invalid_client", "No")]
    [InlineData(500, "invalid_client", "No")]
    [InlineData(503, "unauthorized_client", "No")]
    [InlineData(400, null, "Maybe")]
    [InlineData(401, null, "Yes")]
    [InlineData(403, null, "Yes")]
    [InlineData(402, null, "No")]
    [InlineData(404, null, "No")]
    [InlineData(429, null, "No")]
    [InlineData(500, null, "No")]
    [InlineData(400, "access_denied", "Maybe")]
    [InlineData(403, "access_denied", "Yes")]
    [InlineData(400, "invalid_request", "No")]
    [InlineData(403, "invalid_request", "No")]
    [InlineData(401, "invalid_request", "Yes")] // RFC 6749 has no such status for a request that is malformed
    [InlineData(400, "unsupported_token_type", "No")]
    [InlineData(401, "unsupported_token_type", "No")]
    [InlineData(403, "unsupported_token_type", "No")]
    public void Status_and_error_code_decide(int status, string? code, string refusal) =>
        Assert.Equal(refusal, Read(ClientAuthenticationMethod.ClientSecretBasic, status, code, "Basic"));

    [Theory]
    [InlineData("Bearer", "Yes")]
    [InlineData("bearer", "Yes")]
    [InlineData("DPoP", "Yes")]
    [InlineData("dpop", "Yes")]
    [InlineData("Basic", "No")]
    [InlineData(null, "No")]
    public void Invalid_token_means_the_token_of_this_API_only_if_it_sent_one(string? scheme, string refusal)
    {
        foreach (int status in new[] { 400, 401, 403 })
            Assert.Equal(refusal, Read(ClientAuthenticationMethod.ClientCredentials, status, "invalid_token", scheme));
    }

    [Fact]
    public void A_request_with_the_token_of_the_caller_has_no_credentials_to_reject()
    {
        foreach (string? code in new[] { null, "invalid_client", "invalid_token" })
            Assert.Equal("No", Read(ClientAuthenticationMethod.PresentedToken, 401, code, "Bearer"));
    }

    [Theory]
    [InlineData("client_secret_basic", "Check ClientId, ClientSecret and ClientAuthenticationMethod.")]
    [InlineData("client_secret_post", "Check ClientId, ClientSecret and ClientAuthenticationMethod.")]
    [InlineData("tls_client_auth", "Check ClientId, and whether the server knows the client certificate.")]
    [InlineData(
        "client_credentials",
        "Check whether the token of this API may introspect: its scope, and the permissions of its client at the server."
    )]
    [InlineData(
        "private_key_jwt",
        "Check ClientAssertionType (some servers want client-authentication+jwt, others JWT) and ClientAssertionAudience, "
            + "then ClientId and the key or secret that the server has for it."
    )]
    public void The_advice_names_the_method_and_its_settings(string name, string check)
    {
        ClientAuthenticationMethod method = ClientAuthenticationMethod.Find(name)!;
        using var message = new HttpRequestMessage();
        ClientAuthenticationContext request = Create(method, message);
        if (name == "private_key_jwt")
            request.Parameters["client_assertion"] = "jwt";

        Assert.Equal($"This API authenticated by {name}. {check}", CredentialRefusalReader.Advise(request, method));
    }

    private static string Read(ClientAuthenticationMethod method, int status, string? code, string? scheme)
    {
        using var message = new HttpRequestMessage();
        message.Headers.Authorization = scheme is null ? null : new AuthenticationHeaderValue(scheme, "credential");
        return CredentialRefusalReader.Read(Create(method, message), (HttpStatusCode)status, code).ToString();
    }

    private static ClientAuthenticationContext Create(ClientAuthenticationMethod method, HttpRequestMessage message) =>
        new()
        {
            Request = message,
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal),
            CancellationToken = CancellationToken.None,
            IntrospectionScheme = new("scheme", new OAuthIntrospectionOptions { ClientAuthenticationMethod = method }),
        };
}
