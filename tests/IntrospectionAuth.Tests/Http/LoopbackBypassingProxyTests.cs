using System.Net;
using IntrospectionAuth.Http;

namespace IntrospectionAuth.Tests.Http;

/// <summary>What goes through a proxy. Plain http to loopback must not: it would leave the machine.</summary>
public sealed class LoopbackBypassingProxyTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080/introspect", true)]
    [InlineData("http://localhost/introspect", true)]
    [InlineData("http://[::1]/introspect", true)]
    [InlineData("https://internal/introspect", true)] // the proxy says so
    [InlineData("https://auth.example.com/introspect", false)]
    public void Loopback_and_what_the_proxy_bypasses_are_called_directly(string url, bool isDirect)
    {
        var proxy = new LoopbackBypassingProxy(new Proxy());

        Assert.Equal(isDirect, proxy.IsBypassed(new Uri(url)));
        Assert.Equal(isDirect ? null : Proxy.Url, proxy.GetProxy(new Uri(url)));
    }

    private sealed class Proxy : IWebProxy
    {
        public static readonly Uri Url = new("http://proxy:3128");

        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => Url;

        public bool IsBypassed(Uri host) => host.Host == "internal";
    }
}
