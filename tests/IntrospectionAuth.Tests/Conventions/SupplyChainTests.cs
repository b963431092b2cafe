using System.Text.Json.Nodes;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>What the projects in <c>src</c> are built from: locked in <c>build/locks</c>, and on the page with licenses.</summary>
public sealed class SupplyChainTests
{
    private static readonly string[] s_licenses = ["MIT", "Apache-2.0", "BSD-3-Clause"];

    public static TheoryData<string> Projects => PackageTests.Packages;

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_locked_packages_are_those_of_the_build(string project)
    {
        var graph = new PackageGraph(project);
        JsonObject locked = JsonNode.Parse(Repository.Read($"build/locks/{project}.lock.json"))!["dependencies"]!["net10.0"]!.AsObject();
        Dictionary<string, JsonNode> packages = locked
            .Where(static entry => (string)entry.Value!["type"]! != "Project")
            .ToDictionary(static entry => entry.Key, static entry => entry.Value!, StringComparer.Ordinal);

        Assert.Equal(packages.Keys.Order(StringComparer.Ordinal), graph.Packages.Keys.Order(StringComparer.Ordinal));
        Assert.All(
            graph.Packages.Where(package => (string)packages[package.Key]["resolved"]! == package.Value || !graph.MayDiffer(package.Key)),
            package =>
            {
                JsonNode entry = packages[package.Key];
                Assert.Equal($"{package.Key} {entry["resolved"]}", $"{package.Key} {package.Value}");
                Assert.Equal($"{package.Key} {entry["contentHash"]}", $"{package.Key} {graph.ContentHash(package.Key)}");
            }
        );
    }

    [Fact]
    public void The_page_has_every_package_and_its_license()
    {
        (string Package, string License, string Project)[] shipped =
        [
            .. from project in Projects.Select(row => row.Data)
            let graph = new PackageGraph(project)
            from package in graph.Shipped
            select (package, graph.License(package), project),
        ];

        Assert.All(shipped, it => Assert.Contains(it.License, s_licenses, StringComparer.Ordinal));
        IEnumerable<string> rows =
            from it in shipped
            group it.Project by (it.Package, it.License) into package
            select $"{package.Key.Package} | {package.Key.License} | {string.Join(", ", package.Select(Short))}";
        Assert.Equal(
            rows.Order(StringComparer.Ordinal),
            DocumentationTests.Rows("docs/supply-chain.md", "Package").Select(row => string.Join(" | ", row)).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_locked_file_names_no_source() =>
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "build", "locks")),
            file => Assert.DoesNotContain("://", File.ReadAllText(file), StringComparison.Ordinal)
        );

    /// <summary>The part of a project's name that says which it is.</summary>
    private static string Short(string project) => project == "IntrospectionAuth" ? "core" : project.Split('.')[1];
}
