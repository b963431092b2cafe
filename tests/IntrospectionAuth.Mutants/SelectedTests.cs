using System.Reflection;
using IntrospectionAuth.Tests.Mutants;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestFramework(typeof(SelectedTests))]

namespace IntrospectionAuth.Tests.Mutants;

/// <summary>The tests of some folders alone: coverage and mutants run in minutes instead of hours.</summary>
public sealed class SelectedTests : XunitTestFramework
{
    /// <summary>The folders of the tests that run, in the order in which they run.</summary>
    internal static string[] Folders { get; } = Environment.GetEnvironmentVariable("INTROSPECTIONAUTH_MUTANTS")?.Split(' ') ?? [];

    /// <summary>The folder of a class or namespace; <c>root</c> for those that are in none.</summary>
    internal static string Folder(string? name) => name?.Split('.') is [_, _, var folder, ..] ? folder : "root";

    /// <inheritdoc/>
    protected override ITestFrameworkDiscoverer CreateDiscoverer(Assembly assembly) =>
        new Discoverer(new XunitTestAssembly(assembly, configFilePath: null, assemblyName: null));

    private sealed class Discoverer(XunitTestAssembly assembly) : XunitTestFrameworkDiscoverer(assembly, collectionFactory: null)
    {
        protected override Type[] GetExportedTypes() =>
            [.. base.GetExportedTypes().Where(type => Folders.Contains(Folder(type.Namespace), StringComparer.Ordinal))];

        // Mutated code is many times slower. Without the few tests that repeat it most, all others take a fraction of the time.
        protected override ValueTask<bool> FindTestsForMethod(
            IXunitTestMethod testMethod,
            ITestFrameworkDiscoveryOptions discoveryOptions,
            Func<ITestCase, ValueTask<bool>> discoveryCallback
        ) =>
            testMethod.Traits.ContainsKey("Load")
                ? ValueTask.FromResult(true)
                : base.FindTestsForMethod(testMethod, discoveryOptions, discoveryCallback);
    }
}
