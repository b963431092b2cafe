using System.Security.Cryptography;

namespace IntrospectionAuth.Fuzzing.Engine;

/// <summary>The inputs of a target, as files. Hand-made ones and findings have names; the others are named after their content.</summary>
internal sealed class Corpus(string folder)
{
    private const string Finding = "finding-";

    public string Folder => folder;

    /// <summary>The inputs in a fixed order: the shortest first.</summary>
    public IEnumerable<(string Path, byte[] Input)> Read() =>
        (Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [])
            .Select(static path => (path, File.ReadAllBytes(path)))
            .OrderBy(static it => it.Item2.Length)
            .ThenBy(static it => it.path, StringComparer.Ordinal);

    public void Add(byte[] input) => Write(NameOf(input), input);

    /// <returns>The path of the file.</returns>
    public string AddFinding(byte[] input) => Write(Finding + NameOf(input), input);

    public static bool IsNamed(string path) => Path.GetFileName(path).Contains('-', StringComparison.Ordinal);

    private static string NameOf(byte[] input) => Convert.ToHexStringLower(SHA256.HashData(input))[..16];

    private string Write(string name, byte[] input)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, input);
        return path;
    }
}
