using System.Runtime.CompilerServices;

namespace IntrospectionAuth.Interop.Faults;

/// <summary>A test that trusts a certificate through <c>SSL_CERT_FILE</c>, which .NET reads only on Linux.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    /// <summary>Initializes the attribute.</summary>
    public LinuxFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = OperatingSystem.IsLinux() ? null : "SSL_CERT_FILE makes a process trust a certificate on Linux only.";
}
