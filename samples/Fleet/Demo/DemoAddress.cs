using System.Net;
using System.Net.Sockets;

namespace Fleet.Demo;

/// <summary>The address of the page.</summary>
internal static class DemoAddress
{
    private const int Port = 5081;

    /// <summary>Listens on port 5081, or on a free port if it is taken, unless the application's configuration sets an address.</summary>
    public static void UseDemoAddress(this WebApplicationBuilder builder)
    {
        string[] settings = [WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey];
        if (settings.All(setting => string.IsNullOrEmpty(builder.Configuration[setting])))
            builder.WebHost.UseUrls($"http://127.0.0.1:{(IsFree(Port) ? Port : 0)}");
    }

    /// <summary>The address to open in a browser.</summary>
    public static string GetDemoAddress(this WebApplication app)
    {
        var address = new UriBuilder(app.Urls.First());
        if (IPAddress.TryParse(address.Host, out IPAddress? ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
            address.Host = "127.0.0.1";
        return address.Uri.GetLeftPart(UriPartial.Authority);
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
