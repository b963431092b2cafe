using System.Reflection;

namespace IntrospectionAuth;

/// <summary>What a developer can do about a failure: one or two sentences, and the page about it.</summary>
internal sealed class Remedy(string text, string page)
{
    private static readonly string s_repository = typeof(Remedy)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(static it => it.Key == "RepositoryUrl")
        ?.Value
        is { Length: > 0 } url
        ? $"{url.TrimEnd('/')}/blob/main/"
        : "";

    public string Text { get; } = text;

    /// <summary>The page in the repository, with its heading: <c>docs/security.md#set-audiences</c>.</summary>
    public string Page { get; } = page;

    /// <summary>The link to the page; relative to the repository while the package names none.</summary>
    public string Link => s_repository + Page;

    public override string ToString() => $"{Text} See {Link}";
}
