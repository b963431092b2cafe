using IntrospectionAuth.DPoP;
using IntrospectionAuth.Tests.Challenge;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.DPoP;

/// <summary>Equivalent URLs (RFC 3986, sections 6.2.2 and 6.2.3).</summary>
public sealed class TargetUrlTests
{
    [Theory]
    [InlineData("https://api.example.com/a/b")]
    [InlineData("HTTPS://API.Example.COM/a/b")]
    [InlineData("https://api.example.com:443/a/b")]
    [InlineData("https://api.example.com:/a/b")]
    [InlineData("https://api.example.com/a/b?c=d")]
    [InlineData("https://api.example.com/a/b#c")]
    [InlineData("https://api.example.com/a/b?c=/d#e?f")]
    [InlineData("https://api.example.com/%61/%62")]
    [InlineData("https://api.example.com/a/./b")]
    [InlineData("https://api.example.com/x/../a/b")]
    [InlineData("https://api.example.com/../a/b")]
    [InlineData("https://api.example.com/%2e%2E/a/b")]
    public void Equivalent_encodings_of_a_URL_match(string url) =>
        Assert.True(TargetUrl.IsThatOf(Request("https", "api.example.com", "/a/b"), url));

    [Theory]
    [InlineData("https://api.example.com/a/B")]
    [InlineData("https://api.example.com/a/b/")]
    [InlineData("https://api.example.com/a//b")]
    [InlineData("https://api.example.com//a/b")]
    [InlineData("https://api.example.com/a%2Fb")]
    [InlineData("https://api.example.com/a/b%3F")]
    [InlineData("https://api.example.com/a/b/.")]
    [InlineData("https://api.example.com/a")]
    [InlineData("https://api.example.com")]
    [InlineData("https://api.example.com?/a/b")]
    [InlineData("https://api.example.com:8443/a/b")]
    [InlineData("https://api.example.com:80/a/b")]
    [InlineData("http://api.example.com/a/b")]
    [InlineData("https://user@api.example.com/a/b")]
    [InlineData("https://api.example.com.evil.example/a/b")]
    [InlineData("https://evil.example/https://api.example.com/a/b")]
    [InlineData("https://api.example.com\\a\\b")]
    [InlineData("https:/api.example.com/a/b")]
    [InlineData("//api.example.com/a/b")]
    [InlineData("/a/b")]
    [InlineData("://")]
    [InlineData("")]
    [InlineData(" https://api.example.com/a/b")]
    [InlineData("https://api.example.com/a/b ")]
    [InlineData("https://api.example.com/a/%")]
    [InlineData("https://api.example.com/a/%00")]
    [InlineData("https://api.example.com/a/%ff")]
    public void Different_URLs_do_not_match(string url) =>
        Assert.False(TargetUrl.IsThatOf(Request("https", "api.example.com", "/a/b"), url));

    [Theory]
    [InlineData("http", "localhost", "", "http://localhost")]
    [InlineData("http", "localhost", "", "http://localhost/")]
    [InlineData("http", "localhost", "/", "http://localhost")]
    [InlineData("http", "localhost:80", "/", "http://localhost?a=b")]
    [InlineData("https", "localhost:443", "/", "https://localhost")]
    [InlineData("http", "localhost:5000", "/a", "http://localhost:5000/a")]
    [InlineData("http", "[::1]:5000", "/a", "http://[::1]:5000/a")]
    [InlineData("http", "[::1]", "/a", "http://[::1]:80/a")]
    [InlineData("https", "xn--exmple-cua.com", "/a", "https://XN--exmple-cua.com/a")]
    [InlineData("https", "a.example", "/x y", "https://a.example/x%20y")]
    [InlineData("https", "a.example", "/é", "https://a.example/%C3%A9")]
    [InlineData("https", "a.example", "/é", "https://a.example/%c3%a9")]
    [InlineData("https", "a.example", "/a%2Fb", "https://a.example/a%2fb")]
    [InlineData("https", "a.example", "/a%2fb", "https://a.example/a%2Fb")]
    [InlineData("https", "a.example", "/100%", "https://a.example/100%25")]
    [InlineData("https", "a.example", "/a:b@c;d=e,f!", "https://a.example/a:b@c;d=e,f!")]
    [InlineData("https", "a.example", "/a..b/.c/d.", "https://a.example/a..b/.c/d.")]
    [InlineData("https", "a.example", "/a/", "https://a.example/a/b/..")]
    [InlineData("https", "a.example", "/a/", "https://a.example/a/.")]
    public void A_request_matches_only_its_own_URL(string scheme, string host, string path, string url) =>
        Assert.True(TargetUrl.IsThatOf(Request(scheme, host, path), url));

    [Fact]
    public void The_path_base_is_a_part_of_the_URL()
    {
        HttpRequest request = Request("https", "a.example", "/things");
        request.PathBase = "/api v1";

        Assert.True(TargetUrl.IsThatOf(request, "https://a.example/api%20v1/things"));
        Assert.False(TargetUrl.IsThatOf(request, "https://a.example/things"));
    }

    [Fact]
    public void A_host_that_cannot_be_decoded_is_still_compared()
    {
        Assert.True(TargetUrl.IsThatOf(Request("http", "xn--zzzzzzz-.example", "/a"), "http://xn--zzzzzzz-.example/a"));
        Assert.False(TargetUrl.IsThatOf(Request("http", "", "/a"), "http:///b"));
    }

    [Theory]
    [InlineData("https:///a")]
    [InlineData("https://:443/a")]
    [InlineData("https://:/a")]
    public void A_request_without_a_host_matches_no_URL(string url)
    {
        Assert.False(TargetUrl.IsThatOf(Request("https", "", "/a"), url));
        Assert.False(TargetUrl.IsThatOf(Request("https", ":443", "/a"), url));
        Assert.False(TargetUrl.IsThatOf(Request("https", "/a", "/a"), url));
    }

    private static HttpRequest Request(string scheme, string host, string path)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        (request.Scheme, request.Path) = (scheme, path);
        request.Headers.Host = host;
        return request;
    }
}
