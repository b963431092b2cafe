namespace IntrospectionAuth.Tests.Support;

/// <summary>A test that needs a named pipe in the file system, which Windows does not have.</summary>
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows has no named pipes in its file system.";
    }
}
