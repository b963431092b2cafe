using System.Text;
using System.Text.RegularExpressions;
using IntrospectionAuth.Tests.Tool;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>The scripts in <c>build</c>: for the bash and the tools of macOS, too, and without a check that always passes.</summary>
public sealed partial class BuildScriptTests
{
    public static TheoryData<string> Scripts =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Repository.Root, "build"), "*.sh", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')),
        ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_needs_no_bash_4_and_no_GNU_option_and_ends_no_pipe_early(string script) =>
        Assert.Empty(Mistakes().Matches(Repository.Read(script)).Select(match => match.Value));

    [Theory]
    [InlineData("declare -A running")]
    [InlineData("mapfile -t folders < <(all)")]
    [InlineData("wait -n")]
    [InlineData("echo ${name,,}")]
    [InlineData("dotnet build |& cat")]
    [InlineData("tr -d '\\000' <file | grep -qaF path")]
    [InlineData("unzip -l package \\\n  | grep -a -q path")]
    [InlineData("git log | head -1")]
    [InlineData("sed -i -E 's|a|b|' file")]
    [InlineData("sed ':a;s/b/c/;ta'")]
    [InlineData("at_once=$(nproc)")]
    [InlineData("sha256sum file")]
    public void A_mistake_is_found(string line) => Assert.Matches(Mistakes(), line);

    [Fact]
    public async Task A_path_is_found_in_a_large_file_and_in_UTF_16()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows may have no bash.");
        string rest = new('x', 1_000_000);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("build-script-");
        try
        {
            await WriteAsync(folder, "first line", Encoding.UTF8.GetBytes($"/home/someone/File.cs\n{rest}"));
            await WriteAsync(folder, "UTF-16", Encoding.Unicode.GetBytes($"{rest}/home/someone/File.cs"));
            await WriteAsync(folder, "another path", Encoding.UTF8.GetBytes($"/home/someone else/File.cs\n{rest}"));

            ToolResult found = await FindAsync(folder, "/tmp/work", "/home/someone/");
            ToolResult none = await FindAsync(folder, "/tmp/work");

            Assert.Equal(
                ["", "A path of this machine is in UTF-16", "A path of this machine is in first line"],
                found.Output.Split('\n').Order(StringComparer.Ordinal)
            );
            Assert.Equal((1, ""), (found.ExitCode, found.Error));
            Assert.Equal(new ToolResult(0, "", ""), none);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task WriteAsync(DirectoryInfo folder, string name, byte[] content) =>
        File.WriteAllBytesAsync(Path.Combine(folder.FullName, name), content, TestContext.Current.CancellationToken);

    private static Task<ToolResult> FindAsync(DirectoryInfo folder, params string[] paths) =>
        ToolProcess.RunAsync(
            "bash",
            folder.FullName,
            new Dictionary<string, string>(StringComparer.Ordinal),
            [Path.Combine(Repository.Root, "build", "find-paths.sh"), ".", .. paths]
        );

    // grep -q and head end before they have read everything. With pipefail the pipe then counts as failed, if it is long.
    [GeneratedRegex(
        """
            \b(mapfile|readarray|coproc|nproc|sha256sum)\b | \b(declare|local|typeset)\ -[a-z]*[An] | \bwait\ -n |
            \$\{\w+(\[[^\]]*\])?[,^] | \|& | &>> | \|\s*(grep\s+(-\S+\s+)*-\w*q | head\b) | \bsed\s+(-\S+\s+)*-i |
            \bsed\s+':\w+; | \bxargs\s[^|]*-\w*r\b | \b(date\s+-d | stat\s+-c | readlink\s+-f)\b
            """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Mistakes();
}
