using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>Compiles a block of C# as a reader of its page would: with the usings that it shows, and those of every project.</summary>
/// <remarks>
/// A block is one of these:
/// <list type="bullet">
/// <item>types, without statements: a file beside the program. The other blocks of the page may use them.</item>
/// <item>a whole program: it has <c>WebApplication.CreateBuilder</c>.</item>
/// <item>
/// a part of a program. A statement that begins with <c>builder</c> belongs before <c>builder.Build()</c>, one with <c>app</c> after it,
/// and one with <c>options</c> into <c>AddOAuthIntrospection(options => …)</c>.
/// </item>
/// <item>
/// a part of a test, where it uses <c>server</c>: it continues the page's test file, has its usings, and is given <c>server</c> and
/// <c>client</c> unless it makes them.
/// </item>
/// </list>
/// Warnings count as errors.
/// </remarks>
internal static class PageCode
{
    private const string WholeProgram = "WebApplication.CreateBuilder(";

    private static readonly CSharpParseOptions s_parsing = new(LanguageVersion.CSharp14);

    // What the SDKs import.
    private static readonly string[] s_sdk =
    [
        "System",
        "System.Collections.Generic",
        "System.IO",
        "System.Linq",
        "System.Net.Http",
        "System.Threading",
        "System.Threading.Tasks",
    ];

    private static readonly string[] s_webSdk =
    [
        .. s_sdk,
        "System.Net.Http.Json",
        "Microsoft.AspNetCore.Builder",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Http",
        "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration",
        "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Hosting",
        "Microsoft.Extensions.Logging",
    ];

    private static readonly string[] s_packages =
    [
        "IntrospectionAuth.dll",
        "IntrospectionAuth.Mcp.dll",
        "IntrospectionAuth.OpenApi.dll",
        "IntrospectionAuth.Redis.dll",
        "Microsoft.AspNetCore.OpenApi.dll",
        "Microsoft.OpenApi.dll",
        "ModelContextProtocol.dll",
        "ModelContextProtocol.AspNetCore.dll",
        "ModelContextProtocol.Core.dll",
        "Scalar.AspNetCore.dll",
        "StackExchange.Redis.dll",
        "Swashbuckle.AspNetCore.SwaggerUI.dll",
    ];

    private static readonly string[] s_testPackages =
    [
        .. s_packages,
        "IntrospectionAuth.Testing.dll",
        "Microsoft.AspNetCore.TestHost.dll",
        "Microsoft.AspNetCore.Mvc.Testing.dll",
        "xunit.v3.assert.dll",
        "xunit.v3.core.dll",
        "xunit.v3.common.dll",
    ];

    private static readonly Lazy<MetadataReference[]> s_references = new(() => [.. FindReferences(s_packages)]);

    private static readonly Lazy<MetadataReference[]> s_testReferences = new(() => [.. FindReferences(s_testPackages)]);

    /// <summary>Compiles one block of a page.</summary>
    /// <param name="block">The block.</param>
    /// <param name="page">All blocks of its page.</param>
    /// <returns>What the compiler complains about.</returns>
    public static IReadOnlyList<string> FindFaults(string block, IReadOnlyList<string> page)
    {
        CompilationUnitSyntax unit = Parse(block);
        string[] statements = [.. unit.Members.OfType<GlobalStatementSyntax>().Select(statement => statement.ToFullString())];
        string[] files = [.. page.Where(other => other != block && IsFile(other))];
        bool isTest = IsTest(block) || Uses(unit, "server");

        if (statements.Length == 0)
            return Compile([block, Frame(), .. files], isTest);
        if (block.Contains(WholeProgram, StringComparison.Ordinal))
            return Compile([block, .. files], isTest);

        string usings = unit.Usings.ToFullString();
        string types = string.Concat(unit.Members.Where(member => member is not GlobalStatementSyntax));
        if (!isTest)
            return Compile([Frame(usings, statements) + types, .. files], isTest);

        IEnumerable<string> usingsOfFiles = files.Where(IsTest).SelectMany(file => Parse(file).Usings).Select(line => line.ToFullString());
        string allUsings = usings + string.Concat(usingsOfFiles.Distinct(StringComparer.Ordinal));
        return Compile([TestFrame(allUsings, statements) + types, Frame(), .. files], isTest);
    }

    private static bool IsFile(string block) =>
        Parse(block).Members is { Count: > 0 } members && !members.OfType<GlobalStatementSyntax>().Any();

    private static bool IsTest(string block) => block.Contains("using IntrospectionAuth.Testing;", StringComparison.Ordinal);

    private static CompilationUnitSyntax Parse(string code) => CSharpSyntaxTree.ParseText(code, s_parsing).GetCompilationUnitRoot();

    private static IEnumerable<string> Identifiers(SyntaxNode node) =>
        node.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText);

    private static bool Uses(SyntaxNode node, string name) => Identifiers(node).Contains(name, StringComparer.Ordinal);

    /// <summary>The program that the reader has: what comes before <c>Build()</c>, among the options of the scheme, and after it.</summary>
    private static string Frame(string usings = "", params string[] statements)
    {
        Dictionary<string, string> parts = new(StringComparer.Ordinal)
        {
            ["builder"] = "",
            ["options"] = "",
            ["app"] = "",
        };
        string part = "builder";
        foreach (string statement in statements)
        {
            string beginning = Identifiers(Parse(statement)).FirstOrDefault("");
            part = parts.ContainsKey(beginning) ? beginning : part;
            parts[part] += statement + "\n";
        }

        string registration =
            parts["options"].Length == 0
                ? ""
                : $"builder.Services.AddAuthentication().AddOAuthIntrospection(options =>\n{{\n{parts["options"]}\n}});";
        return $$"""
            {{usings}}
            var builder = WebApplication.CreateBuilder(args);
            {{parts["builder"]}}
            {{registration}}
            var app = builder.Build();
            {{parts["app"]}}
            app.Run();

            """;
    }

    private static string TestFrame(string usings, string[] statements)
    {
        string body = string.Concat(statements);
        List<string> parameters = [];
        if (!body.Contains("var server =", StringComparison.Ordinal))
            parameters.Add("IntrospectionAuth.Testing.FakeAuthorizationServer server");
        if (!body.Contains("HttpClient client =", StringComparison.Ordinal))
            parameters.Add("HttpClient client");

        return $$"""
            {{usings}}
            internal static class Part
            {
                public static async Task OfATestAsync({{string.Join(", ", parameters)}})
                {
                    {{body}}
                    await Task.CompletedTask;
                }
            }

            """;
    }

    private static string[] Compile(string[] files, bool isTest)
    {
        // The program's project uses the Web SDK, unlike the test project.
        string importsOfProgram = isTest ? string.Concat(s_webSdk.Select(name => $"using {name};\n")) : "";
        string imports = string.Concat((isTest ? s_sdk : s_webSdk).Select(name => $"global using {name};\n"));
        IEnumerable<string> texts = files.Select(file =>
            file.Contains(WholeProgram, StringComparison.Ordinal) ? importsOfProgram + file : file
        );

        var compilation = CSharpCompilation.Create(
            "page",
            texts.Prepend(imports).Select(text => CSharpSyntaxTree.ParseText(text, s_parsing)),
            isTest ? s_testReferences.Value : s_references.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable)
        );

        return
        [
            .. compilation
                .GetDiagnostics()
                .Where(fault => fault.Severity >= DiagnosticSeverity.Warning && fault.Id != "CS1701") // CS1701: versions of assemblies
                .Select(fault => fault.ToString()),
        ];
    }

    /// <summary>The shared frameworks that this process runs on, and packages that a page names.</summary>
    private static IEnumerable<MetadataReference> FindReferences(string[] packages) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => packages.Contains(Path.GetFileName(path), StringComparer.Ordinal) || IsOfFramework(path))
            .Select(path => MetadataReference.CreateFromFile(path));

    private static bool IsOfFramework(string path) =>
        Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(path))) is "Microsoft.NETCore.App" or "Microsoft.AspNetCore.App";
}
