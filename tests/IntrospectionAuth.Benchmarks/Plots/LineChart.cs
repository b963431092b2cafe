using System.Globalization;

namespace IntrospectionAuth.Benchmarks.Plots;

/// <summary>Panels with lines, side by side, with one vertical scale.</summary>
internal static class LineChart
{
    private const double Width = 760,
        Height = 262,
        Left = 66,
        Right = 24,
        Top = 66,
        Bottom = 46,
        Gap = 30;

    public static void Draw(
        string path,
        string title,
        Func<double, string> format,
        IReadOnlyList<Panel> panels,
        IReadOnlyList<double>? marked = null,
        double unit = 1
    )
    {
        var drawing = new Drawing(Width, Height, title);
        DrawLegend(drawing, panels[0].Series);

        var axis = new Axis(panels.Max(panel => panel.Series.Max(series => series.Values.Max())), 0, Height - Top - Bottom, unit);
        double width = (Width - Left - Right - ((panels.Count - 1) * Gap)) / panels.Count;
        foreach ((int number, Panel panel) in panels.Index())
        {
            double left = Left + (number * (width + Gap));
            foreach (double mark in axis.Marks)
            {
                drawing.Line(left, Y(mark), left + width, Y(mark), "grid");
                if (number == 0)
                    drawing.Text(left - 8, Y(mark) + 4, format(mark), "quiet", "end");
            }

            DrawPanel(drawing, panel, left, width, Y, marked ?? panel.Places);
        }

        drawing.Save(path);

        double Y(double value) => Height - Bottom - axis.Place(value);
    }

    private static void DrawPanel(
        Drawing drawing,
        Panel panel,
        double left,
        double width,
        Func<double, double> y,
        IReadOnlyList<double> marked
    )
    {
        foreach (double place in marked)
            drawing.Text(X(place), Height - Bottom + 17, place.ToString("#,0.#", CultureInfo.InvariantCulture), "quiet", "middle");
        drawing.Text(left + (width / 2), Height - Bottom + 36, panel.Title, anchor: "middle");

        foreach (Series series in panel.Series)
        {
            (double X, double Y)[] points = [.. panel.Places.Zip(series.Values, (place, value) => (X(place), y(value)))];
            drawing.Curve(points, series.Style);
            foreach ((double x, double height) in points)
                drawing.Dot(x, height, 3, series.Style);
        }

        double X(double place)
        {
            double first = Scale(panel, panel.Places[0]),
                last = Scale(panel, panel.Places[^1]);
            return left + 14 + ((Scale(panel, place) - first) / (last - first) * (width - 28));
        }
    }

    private static double Scale(Panel panel, double place) => panel.IsLogarithmic ? Math.Log(place) : place;

    private static void DrawLegend(Drawing drawing, IReadOnlyList<Series> lines)
    {
        double x = Left;
        foreach (Series series in lines)
        {
            drawing.Bar(x, 39, 11, 11, series.Style);
            drawing.Text(x + 16, 49, series.Name, "quiet");
            x += 34 + (series.Name.Length * 6.6);
        }
    }
}
