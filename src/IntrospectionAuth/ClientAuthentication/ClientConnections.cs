using System.Security.Cryptography.X509Certificates;

namespace IntrospectionAuth.ClientAuthentication;

/// <summary>The connections of one HTTP handler, and the certificate that the first of them has shown; the latest one, where they cannot be left for others.</summary>
internal sealed class ClientConnections(SocketsHttpHandler handler)
{
    private X509Certificate2? _shown;

    public HttpMessageInvoker Invoker { get; } = new(handler);

    public X509Certificate2? Shown => Volatile.Read(ref _shown);

    public X509Certificate2? Show(X509Certificate2? certificate)
    {
        Interlocked.CompareExchange(ref _shown, certificate, null);
        return certificate;
    }

    public X509Certificate2 ShowInstead(X509Certificate2 certificate)
    {
        Volatile.Write(ref _shown, certificate);
        return certificate;
    }
}
