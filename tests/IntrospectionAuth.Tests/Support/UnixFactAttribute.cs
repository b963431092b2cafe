using System.Runtime.CompilerServices;

namespace IntrospectionAuth.Tests.Support;

/// <summary>A test that needs a named pipe in the file system, which Windows does not have.</summary>
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = OperatingSystem.IsWindows() ? "Windows has no named pipes in its file system." : null;
}
