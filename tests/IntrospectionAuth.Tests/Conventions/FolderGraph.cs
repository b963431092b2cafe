using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>
/// Which folder of the library uses a type of which other folder, public types included: the compiler decides what a name means.
/// </summary>
/// <remarks>
/// The root belongs to the handler and the registration, which use every folder. Its types and the option groups are the vocabulary of all
/// folders, so their uses are not arrows.
/// </remarks>
internal static class FolderGraph
{
    private static readonly string[] s_usings =
    [
        "System",
        "System.Collections.Generic",
        "System.IO",
        "System.Linq",
        "System.Net.Http",
        "System.Threading",
        "System.Threading.Tasks",
    ];

    private static readonly Lazy<IReadOnlyDictionary<(string From, string To), string>> s_arrows = new(Find);

    /// <summary>Each arrow between two folders, with one example.</summary>
    public static IReadOnlyDictionary<(string From, string To), string> Arrows => s_arrows.Value;

    private static Dictionary<(string From, string To), string> Find()
    {
        var parsing = new CSharpParseOptions(LanguageVersion.CSharp14);
        SyntaxTree usings = CSharpSyntaxTree.ParseText(string.Concat(s_usings.Select(name => $"global using {name};\n")), parsing);
        SyntaxTree[] sources =
        [
            .. Repository.SourceFiles("src/IntrospectionAuth").Select(file => CSharpSyntaxTree.ParseText(file.Text, parsing, file.Path)),
        ];
        var compilation = CSharpCompilation.Create(
            "IntrospectionAuth",
            [usings, .. sources],
            PlatformReferences(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
        );

        var arrows = new Dictionary<(string From, string To), string>();
        foreach (SyntaxTree source in sources)
        {
            string from = FolderOf(source.FilePath);
            if (from.Length == 0)
                continue;

            SemanticModel model = compilation.GetSemanticModel(source);
            foreach (SimpleNameSyntax name in source.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
                INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
                string? to = type
                    ?.OriginalDefinition.DeclaringSyntaxReferences.Select(it => FolderOf(it.SyntaxTree.FilePath))
                    .FirstOrDefault();
                if (to is { Length: > 0 } && to != from && !IsOptionGroup(type!))
                    arrows.TryAdd((from, to), $"{source.FilePath} uses {type!.Name}");
            }
        }

        return arrows;
    }

    private static bool IsOptionGroup(INamedTypeSymbol type) =>
        type.DeclaredAccessibility == Accessibility.Public && type.Name.EndsWith("Options", StringComparison.Ordinal);

    public static string FolderOf(string path) =>
        path.Contains('/', StringComparison.Ordinal) ? path[..path.IndexOf('/', StringComparison.Ordinal)] : "";

    private static IEnumerable<MetadataReference> PlatformReferences() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("IntrospectionAuth", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
}
