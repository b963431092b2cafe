using System.Net;
using System.Net.Sockets;

namespace IntrospectionAuth.Redis.Tests.Engines;

/// <summary>Finds a port of 127.0.0.1 for a process that cannot choose one itself.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
