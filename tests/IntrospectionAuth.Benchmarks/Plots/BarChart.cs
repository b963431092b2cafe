using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Plots;

/// <summary>Horizontal bars in groups.</summary>
internal static class BarChart
{
    private const double Width = 760,
        Left = 210,
        Right = 110,
        Top = 62,
        BarHeight = 16,
        GroupGap = 14;

    /// <param name="path">The file.</param>
    /// <param name="title">What the chart shows.</param>
    /// <param name="format">Formats a value with its unit.</param>
    /// <param name="groups">The groups, from top to bottom.</param>
    /// <param name="unit">The unit of which the axis marks are round multiples.</param>
    public static void Draw(string path, string title, Func<double, string> format, IReadOnlyList<BarGroup> groups, double unit = 1)
    {
        double height = Top + groups.Sum(group => (group.Bars.Count * BarHeight) + GroupGap) + 34;
        var drawing = new Drawing(Width, height, title);
        DrawLegend(drawing, groups);

        double highest = groups.Max(group => Math.Max(group.Limit ?? 0, group.Bars.Max(bar => High(bar.Figure))));
        var axis = new Axis(highest, Left, Width - Left - Right, unit);
        double bottom = height - 28;
        foreach (double mark in axis.Marks)
        {
            drawing.Line(axis.Place(mark), Top - 6, axis.Place(mark), bottom - 6, "grid");
            drawing.Text(axis.Place(mark), bottom + 9, format(mark), "quiet", "middle");
        }

        double y = Top;
        foreach (BarGroup group in groups)
        {
            drawing.Text(Left - 12, y + (group.Bars.Count * BarHeight / 2) + 3, group.Label, anchor: "end");
            DrawGroup(drawing, axis, group, y, format);
            y += (group.Bars.Count * BarHeight) + GroupGap;
        }

        drawing.Save(path);
    }

    private static void DrawGroup(Drawing drawing, Axis axis, BarGroup group, double top, Func<double, string> format)
    {
        double y = top;
        foreach (Bar bar in group.Bars)
        {
            drawing.Bar(Left, y + 1, axis.Place(bar.Figure.Median) - Left, BarHeight - 3, bar.Style);
            double end = axis.Place(bar.Figure.Median);
            if (bar.Figure.Rounds.Count > 2)
            {
                drawing.Line(axis.Place(Low(bar.Figure)), y + (BarHeight / 2), axis.Place(High(bar.Figure)), y + (BarHeight / 2), "range");
                end = axis.Place(High(bar.Figure));
            }

            string text = format(bar.Figure.Median);
            if (group.Limit is { } mark && axis.Place(mark) > end && axis.Place(mark) < end + 14 + (text.Length * 7))
                end = axis.Place(mark); // to the right of the mark
            drawing.Text(end + 7, y + 12, text);
            y += BarHeight;
        }

        if (group.Limit is not { } limit)
            return;

        drawing.Line(axis.Place(limit), top - 3, axis.Place(limit), y + 2, "halo");
        drawing.Line(axis.Place(limit), top - 3, axis.Place(limit), y + 2, "limit");
    }

    private static void DrawLegend(Drawing drawing, IReadOnlyList<BarGroup> groups)
    {
        double x = Left;
        foreach (Bar bar in groups.SelectMany(group => group.Bars).Where(bar => bar.Name.Length > 0).DistinctBy(bar => bar.Name))
        {
            drawing.Bar(x, 39, 11, 11, bar.Style);
            drawing.Text(x + 16, 49, bar.Name, "quiet");
            x += 34 + (bar.Name.Length * 6.6);
        }

        if (groups.Any(group => group.Limit is not null))
        {
            drawing.Line(x + 5, 38, x + 5, 51, "limit");
            drawing.Text(x + 14, 49, "budget", "quiet");
        }
    }

    /// <summary>The range is the middle half of the rounds; the extremes reflect other load on the machine.</summary>
    private static double Low(Figure figure) => Statistics.Quantile(figure.Rounds, 0.25);

    private static double High(Figure figure) => Statistics.Quantile(figure.Rounds, 0.75);
}
