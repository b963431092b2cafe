using System.Text.RegularExpressions;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>The libraries stay fit for native AOT, also between two runs of <c>build/aot.sh</c>.</summary>
public sealed partial class NativeAotTests
{
    [Theory]
    [InlineData("IntrospectionAuth")]
    [InlineData("IntrospectionAuth.Mcp")]
    [InlineData("IntrospectionAuth.OpenApi")]
    [InlineData("IntrospectionAuth.Redis")]
    public void A_library_is_built_with_the_analyzers_and_suppresses_none(string project)
    {
        string text = Repository.Read($"src/{project}/{project}.csproj");

        Assert.Contains("<IsAotCompatible>true</IsAotCompatible>", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(Suppression(), text);
        Assert.All(Repository.SourceFiles("src/" + project), file => Assert.DoesNotMatch(Suppression(), file.Text));
    }

    [GeneratedRegex(
        "UnconditionalSuppressMessage|(disable|NoWarn).*IL[23][0-9]{3}|Enable(Trim|Aot)Analyzer",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Suppression();
}
