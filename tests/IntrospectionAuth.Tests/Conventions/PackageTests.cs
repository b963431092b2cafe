using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>What a package shows on a package source: icon, README, addresses.</summary>
public sealed partial class PackageTests
{
    public static TheoryData<string> Packages =>
        [
            .. Directory
                .EnumerateDirectories(Path.Combine(Repository.Root, "src"))
                .Select(folder => Path.GetFileName(folder))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task A_package_has_an_icon_a_README_of_its_own_and_absolute_links(string name)
    {
        string file = Directory.EnumerateFiles(await PackedPackages.FolderAsync, $"{name}.?.*.nupkg").Single();
        using ZipArchive package = ZipFile.OpenRead(file);
        XElement metadata = Metadata(package, name);
        string repository = Value(metadata, "repository", "url");
        string readme = Read(package, Value(metadata, "readme"));
        string[] links = [.. Link().Matches(readme).Select(link => link.Groups["target"].Value)];

        Assert.StartsWith($"# {name}\n", readme, StringComparison.Ordinal);
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.StartsWith("https://", link, StringComparison.Ordinal));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], Bytes(package, Value(metadata, "icon"))[..4]);
        Assert.Equal("git", Value(metadata, "repository", "type"));
        Assert.StartsWith("https://", repository, StringComparison.Ordinal);
        Assert.All(
            [Value(metadata, "projectUrl"), Value(metadata, "releaseNotes"), .. links],
            address => Assert.StartsWith(repository, address, StringComparison.Ordinal)
        );
        Assert.Equal("Apache-2.0", Value(metadata, "license"));
        Assert.NotEmpty(Value(metadata, "description"));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_links_of_a_README_of_a_package_lead_to_files(string name)
    {
        string folder = Path.Combine(Repository.Root, "src", name);
        string readme = File.ReadAllText(Path.Combine(folder, "README.md"));

        Assert.All(
            Link().Matches(readme).Select(link => link.Groups["target"].Value),
            link =>
            {
                Assert.StartsWith("../../", link, StringComparison.Ordinal);
                Assert.True(File.Exists(Path.Combine(folder, link.Split('#')[0])), link);
            }
        );
    }

    private static XElement Metadata(ZipArchive package, string name) =>
        XDocument.Parse(Read(package, name + ".nuspec")).Root!.Elements().Single(element => element.Name.LocalName == "metadata");

    private static string Value(XElement metadata, string element, string? attribute = null)
    {
        XElement found = metadata.Elements().Single(child => child.Name.LocalName == element);
        return attribute is null ? found.Value : found.Attribute(attribute)!.Value;
    }

    private static string Read(ZipArchive package, string name)
    {
        using var reader = new StreamReader(package.GetEntry(name)!.Open());
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static byte[] Bytes(ZipArchive package, string name)
    {
        using var content = new MemoryStream();
        using Stream entry = package.GetEntry(name)!.Open();
        entry.CopyTo(content);
        return content.ToArray();
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
