namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The sections of a page that this program writes, each between two comments with its name.</summary>
internal sealed class PageSections(string path)
{
    private string _text = File.ReadAllText(path);

    public void Replace(string name, string content)
    {
        string start = $"<!-- figures: {name} -->\n",
            end = $"<!-- end of figures: {name} -->";
        int from = _text.IndexOf(start, StringComparison.Ordinal),
            to = _text.IndexOf(end, StringComparison.Ordinal);
        if (from < 0 || to < from)
            throw new InvalidOperationException($"{path} has no section for the figures {name}.");
        _text = string.Concat(_text.AsSpan(0, from + start.Length), content, _text.AsSpan(to));
    }

    public void Save()
    {
        File.WriteAllText(path, _text);
        Console.WriteLine("Written: " + path);
    }
}
