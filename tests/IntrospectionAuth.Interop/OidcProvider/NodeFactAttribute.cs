using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using IntrospectionAuth.Interop.Faults;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>A test that needs oidc-provider. It is skipped, with the reason, if Node.js or the package is missing.</summary>
public sealed class NodeFactAttribute : FactAttribute
{
    /// <summary>Initializes the attribute.</summary>
    public NodeFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = NodeRequirement.Missing;
}

/// <summary>As <see cref="NodeFactAttribute"/>, for a theory.</summary>
public sealed class NodeTheoryAttribute : TheoryAttribute
{
    /// <summary>Initializes the attribute.</summary>
    public NodeTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = NodeRequirement.Missing;
}

/// <summary>As <see cref="NodeTheoryAttribute"/>, for a theory that trusts the server's certificate through <c>SSL_CERT_FILE</c>.</summary>
public sealed class LinuxNodeTheoryAttribute : TheoryAttribute
{
    /// <summary>Initializes the attribute.</summary>
    public LinuxNodeTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = NodeRequirement.Missing ?? new LinuxFactAttribute().Skip;
}

/// <summary>Whether oidc-provider can run on this machine.</summary>
internal static class NodeRequirement
{
    private const int MinimumVersion = 20;

    /// <summary>What is missing and how to install it, or null.</summary>
    public static string? Missing { get; } = FindMissing();

    private static string? FindMissing()
    {
        if (FindVersion() is not { } version)
            return $"There is no node here: install Node.js {MinimumVersion} or later.";
        if (version < MinimumVersion)
            return $"Node.js is version {version}. oidc-provider needs {MinimumVersion} (Debian 12 has 18). Install a later version.";
        if (!File.Exists(Path.Combine(Repository.Interop, "node_modules", "oidc-provider", "package.json")))
            return "There is no node_modules/oidc-provider here: run 'npm ci' in tests/IntrospectionAuth.Interop.";
        return null;
    }

    private static int? FindVersion()
    {
        try
        {
            using Process? node = Process.Start(
                new ProcessStartInfo("node", ["--version"]) { UseShellExecute = false, RedirectStandardOutput = true }
            );
            string text = node!.StandardOutput.ReadToEnd(); // v22.1.0
            node.WaitForExit();
            return int.Parse(text.TrimStart('v').Split('.')[0], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is Win32Exception or FormatException)
        {
            return null;
        }
    }
}
