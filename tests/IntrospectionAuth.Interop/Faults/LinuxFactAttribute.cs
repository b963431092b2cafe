namespace IntrospectionAuth.Interop.Faults;

/// <summary>A test that trusts a certificate by <c>SSL_CERT_FILE</c>, which .NET reads on Linux only.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    /// <summary>Initializes the attribute.</summary>
    public LinuxFactAttribute() =>
        Skip = OperatingSystem.IsLinux() ? null! : "SSL_CERT_FILE makes a process trust a certificate on Linux only."; // null means: not skipped
}
