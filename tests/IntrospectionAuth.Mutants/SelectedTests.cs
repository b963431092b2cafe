using System.Reflection;
using IntrospectionAuth.Tests.Mutants;
using Xunit.v3;

[assembly: TestFramework(typeof(SelectedTests))]

namespace IntrospectionAuth.Tests.Mutants;

/// <summary>The tests of some folders alone: coverage and mutants run in minutes instead of hours.</summary>
public sealed class SelectedTests : XunitTestFramework
{
    /// <inheritdoc/>
    protected override ITestFrameworkDiscoverer CreateDiscoverer(Assembly assembly) =>
        new Discoverer(new XunitTestAssembly(assembly, configFilePath: null, assemblyName: null));

    private sealed class Discoverer(XunitTestAssembly assembly) : XunitTestFrameworkDiscoverer(assembly, collectionFactory: null)
    {
        private static readonly string[] s_folders = Environment.GetEnvironmentVariable("INTROSPECTIONAUTH_MUTANTS")?.Split(' ') ?? [];

        protected override Type[] GetExportedTypes() =>
            [.. base.GetExportedTypes().Where(type => s_folders.Contains(Folder(type.Namespace), StringComparer.Ordinal))];

        private static string Folder(string? tests) => tests?.Split('.') is [_, _, var folder, ..] ? folder : "root";
    }
}
