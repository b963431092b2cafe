using System.Text;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>A table in Markdown.</summary>
internal sealed class MarkdownTable
{
    private readonly StringBuilder _text = new();

    public MarkdownTable(params IReadOnlyList<string> headings)
    {
        Add(headings);
        _text.Append('|').Insert(_text.Length, "---|", headings.Count).Append('\n');
    }

    public void Add(params IEnumerable<string> cells) => _text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    public override string ToString() => _text.ToString();
}
