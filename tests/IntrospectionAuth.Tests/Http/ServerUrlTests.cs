using IntrospectionAuth.Http;

namespace IntrospectionAuth.Tests.Http;

/// <summary>What the URL of an authorization server may be, and how a log shows it.</summary>
public sealed class ServerUrlTests
{
    [Theory]
    [InlineData("https://auth.example.com", null)]
    [InlineData("https://auth.example.com/realms/x/", null)]
    [InlineData("http://localhost:8080/realms/x", null)]
    [InlineData("http://auth.example.com", nameof(UrlFault.PlainHttp))]
    [InlineData("auth.example.com", nameof(UrlFault.NotAbsolute))]
    [InlineData(" https://auth.example.com", nameof(UrlFault.NotAbsolute))]
    [InlineData("https://auth.example.com\n", nameof(UrlFault.NotAbsolute))]
    [InlineData("https://auth.example.com/a b", nameof(UrlFault.NotAbsolute))]
    [InlineData("https://auth.example.com\\@other.example.com", nameof(UrlFault.NotAbsolute))]
    [InlineData("https://auth.example.com/?tenant=x", nameof(UrlFault.Query))]
    [InlineData("https://auth.example.com?", nameof(UrlFault.Query))]
    [InlineData("https://auth.example.com/#x", nameof(UrlFault.UserInfoOrFragment))]
    [InlineData("https://user@auth.example.com", nameof(UrlFault.UserInfoOrFragment))]
    public void An_issuer_is_an_https_URL_without_spaces_and_query(string issuer, string? fault) =>
        Assert.Equal(fault, ServerUrl.FindIssuerFault(issuer, requireHttps: true)?.ToString());

    [Theory]
    [InlineData(
        "https://user:secret@auth.example.com:8443/a%20b/introspect?key=secret#secret",
        "https://auth.example.com:8443/a%20b/introspect"
    )]
    [InlineData("https://auth.example.com", "https://auth.example.com/")]
    [InlineData("/introspect?key=secret", null)]
    [InlineData(null, null)]
    public void A_log_shows_a_URL_without_what_may_be_secret(string? url, string? shown) =>
        Assert.Equal(shown, ServerUrl.Describe(url is null ? null : new Uri(url, UriKind.RelativeOrAbsolute)));
}
