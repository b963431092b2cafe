using IntrospectionAuth.Fuzzing.Engine;
using IntrospectionAuth.Fuzzing.Targets;
using IntrospectionAuth.Tests.Conventions;

namespace IntrospectionAuth.Tests.Fuzzing;

/// <summary>Replays the inputs of <c>build/fuzz.sh</c>: hand-made ones, those that take new branches, and every finding.</summary>
public sealed class CorpusTests
{
    private const long MaximumBytes = 2_000_000;

    private static readonly string s_folder = Path.Combine(Repository.Root, "tests/IntrospectionAuth.Fuzzing/Corpus");

    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(static target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_kept_input_is_read_as_a_second_plain_reading_reads_it(string name)
    {
        FuzzTarget target = FuzzTarget.Find(name);
        (string Path, byte[] Input)[] inputs = [.. new Corpus(Path.Combine(s_folder, name)).Read()];

        Assert.NotEmpty(inputs);
        Assert.Empty(
            inputs
                .Select(it => (File: Path.GetFileName(it.Path), Fault: FuzzRun.FindFault(target, it.Input)))
                .Where(static it => it.Fault is not null)
                .Select(static it => $"{it.File}: {it.Fault}")
        );
    }

    [Fact]
    public void The_kept_inputs_stay_small_and_belong_to_a_target()
    {
        FileInfo[] files = [.. new DirectoryInfo(s_folder).EnumerateFiles("*", SearchOption.AllDirectories)];

        Assert.InRange(files.Sum(static it => it.Length), 1, MaximumBytes);
        Assert.Equal(
            FuzzTarget.All.Select(static it => it.Name).Order(StringComparer.Ordinal),
            files.Select(static it => it.Directory!.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );
    }
}
