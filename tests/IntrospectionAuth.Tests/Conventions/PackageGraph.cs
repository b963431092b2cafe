using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>The packages that a project in <c>src</c> was restored with.</summary>
internal sealed class PackageGraph
{
    private readonly JsonNode _assets;

    public PackageGraph(string project) =>
        _assets = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "src", project, "obj", "project.assets.json")))!;

    /// <summary>All packages, those of the build included, with their versions.</summary>
    public IReadOnlyDictionary<string, string> Packages =>
        Libraries
            .Where(static library => (string)library.Value!["type"]! == "package")
            .Select(static library => library.Key.Split('/'))
            .ToDictionary(static parts => parts[0], static parts => parts[1], StringComparer.Ordinal);

    /// <summary>The packages that users of the project's package get with it.</summary>
    public IEnumerable<string> Shipped
    {
        get
        {
            var found = new HashSet<string>(StringComparer.Ordinal);
            var open = new Stack<string>(
                Direct.Where(static it => (string?)it.Value!["suppressParent"] != "All").Select(static it => it.Key)
            );
            foreach (string project in Targets.Where(static it => (string)it.Value!["type"]! == "project").Select(static it => it.Key))
                open.Push(project.Split('/')[0]);
            while (open.TryPop(out string? name))
            {
                if (!found.Add(name))
                    continue;
                JsonNode? target = Targets.Single(it => it.Key.StartsWith(name + "/", StringComparison.Ordinal)).Value;
                foreach ((string dependency, _) in target!["dependencies"]?.AsObject() ?? [])
                    open.Push(dependency);
            }

            return found.Intersect(Packages.Keys, StringComparer.Ordinal);
        }
    }

    private JsonObject Libraries => _assets["libraries"]!.AsObject();

    private JsonObject Targets => _assets["targets"]!["net10.0"]!.AsObject();

    private JsonObject Direct => _assets["project"]!["frameworks"]!["net10.0"]!["dependencies"]?.AsObject() ?? [];

    /// <summary>The hash of what a package contains, without its signature.</summary>
    public string ContentHash(string name) => (string)JsonNode.Parse(File.ReadAllText(FileOf(name, ".nupkg.metadata")))!["contentHash"]!;

    /// <summary>The license of a package: an SPDX expression, or what else its nuspec says.</summary>
    public string License(string name)
    {
        XElement metadata = XDocument.Load(FileOf(name, name.ToLowerInvariant() + ".nuspec")).Root!.Elements().First();
        XElement? license = metadata.Elements().SingleOrDefault(static element => element.Name.LocalName == "license");
        return license is null ? "none" : $"{((string?)license.Attribute("type") == "expression" ? "" : "file ")}{license.Value}";
    }

    /// <summary>Whether another version than the locked one is no fault: the SDK decides, or the package source lacks it.</summary>
    public bool MayDiffer(string name) =>
        (bool?)Direct[name]?["autoReferenced"] == true
        || _assets["logs"]?.AsArray().Any(log => (string?)log!["code"] == "NU1603" && (string?)log["libraryId"] == name) == true;

    private string FileOf(string name, string file)
    {
        string folder = (string)Libraries[$"{name}/{Packages[name]}"]!["path"]!;
        return _assets["packageFolders"]!
            .AsObject()
            .Select(source => Path.Combine(source.Key, folder, file))
            .First(static path => File.Exists(path));
    }
}
