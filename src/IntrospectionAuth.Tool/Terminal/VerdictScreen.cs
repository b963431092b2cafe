using Spectre.Console;

namespace IntrospectionAuth.Tool.Terminal;

/// <summary>Prints verdicts for a person: headings, one row for each verdict, and a conclusion.</summary>
internal sealed class VerdictScreen(ToolHost host)
{
    private const int VerdictWidth = 6,
        HeadingWidth = 13,
        Indentation = 2;

    private readonly IAnsiConsole _screen = host.CreateScreen();

    public void PrintHeadings(params (string Name, string Value)[] headings)
    {
        _screen.WriteLine();
        Grid grid = CreateGrid(HeadingWidth + Indentation);
        foreach ((string name, string value) in headings)
            grid.AddRow(CreateText(name, StyleOf(Verdict.Skipped)), CreateText(value));
        _screen.Write(grid);
        _screen.WriteLine();
    }

    /// <summary>Prints a row.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="name">What was judged.</param>
    /// <param name="nameWidth">The width of the column of names.</param>
    /// <param name="texts">The lines beside it.</param>
    /// <param name="remedy">What to do; null for nothing.</param>
    public void PrintRow(Verdict verdict, string name, int nameWidth, IReadOnlyList<string> texts, string? remedy = null)
    {
        Grid grid = CreateGrid(VerdictWidth + Indentation, nameWidth);
        Style style = verdict == Verdict.Skipped ? StyleOf(verdict) : Style.Plain;
        foreach ((int index, string text) in texts.Index())
        {
            bool isFirst = index == 0;
            grid.AddRow(
                new Text(isFirst ? VerdictName.OnScreen(verdict) : "", StyleOf(verdict)),
                CreateText(isFirst ? name : ""),
                CreateText(text, style)
            );
        }

        if (remedy is not null)
            grid.AddRow(Text.Empty, Text.Empty, CreateRemedy(remedy));
        _screen.Write(grid);
    }

    public void PrintConclusion(Verdict verdict, string text, string? remedy = null)
    {
        _screen.WriteLine();
        Grid grid = CreateGrid();
        grid.AddRow(CreateText(text, StyleOf(verdict)));
        if (remedy is not null)
            grid.AddRow(CreateRemedy(remedy));
        _screen.Write(grid);
        _screen.WriteLine();
    }

    private Text CreateRemedy(string remedy) =>
        CreateText("Fix: " + remedy, host.HasColors ? new Style(decoration: Decoration.Bold) : Style.Plain);

    private static Text CreateText(string text, Style? style = null) => new(TerminalText.Escape(text), style);

    private Style StyleOf(Verdict verdict) => host.HasColors ? VerdictName.StyleOf(verdict) : Style.Plain;

    /// <summary>Columns of fixed widths, and one that has the rest of the line.</summary>
    private static Grid CreateGrid(params ReadOnlySpan<int> widths)
    {
        var grid = new Grid();
        foreach (int width in widths)
            AddColumn(grid, new GridColumn { Width = grid.Columns.Count == 0 ? width - Indentation : width, NoWrap = true });
        AddColumn(grid, new GridColumn());
        return grid;
    }

    private static void AddColumn(Grid grid, GridColumn column)
    {
        column.Padding = new Padding(grid.Columns.Count == 0 ? Indentation : 0, 0, 0, 0);
        grid.AddColumn(column);
    }
}
