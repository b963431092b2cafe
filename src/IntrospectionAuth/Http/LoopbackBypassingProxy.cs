using System.Net;

namespace IntrospectionAuth.Http;

/// <summary>
/// The machine's proxy, but never for a loopback host: plain http is always accepted there because nothing leaves the machine.
/// </summary>
internal sealed class LoopbackBypassingProxy(IWebProxy inner) : IWebProxy
{
    public IWebProxy Inner => inner;

    public ICredentials? Credentials
    {
        get => inner.Credentials;
        set => inner.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : inner.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || inner.IsBypassed(host);
}
