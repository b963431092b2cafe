using System.Globalization;

namespace IntrospectionAuth.Tool.Serving;

/// <summary>Where <c>serve</c> listens unless the command line says otherwise.</summary>
internal static class Addresses
{
    /// <summary>The number of the RFC, so that it is easy to remember.</summary>
    public const int DefaultPort = 7662;

    public static string Default => "http://127.0.0.1:" + DefaultPort.ToString(CultureInfo.InvariantCulture);
}
