using System.Globalization;
using System.Xml.Linq;

namespace IntrospectionAuth.Benchmarks.Plots;

/// <summary>An SVG file with its own light or dark background, readable on any page.</summary>
internal sealed class Drawing
{
    public const string Ours = "ours",
        Reference = "reference",
        Floor = "floor";

    private const string Style = """
        text { font: 12px system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328 }
        .heading { font-size: 15px; font-weight: 600 }
        .quiet { fill: #59636e }
        .card { fill: #ffffff; stroke: #d1d9e0 }
        .grid { stroke: #d1d9e0; stroke-width: 1 }
        .range { stroke: #1f2328; stroke-width: 1.5 }
        .limit { stroke: #cf222e; stroke-width: 2.5 } .halo { stroke: #ffffff; stroke-width: 6 }
        .ours { fill: #0969da } .reference { fill: #bf8700 } .floor { fill: #8c959f }
        path.ours { fill: none; stroke: #0969da; stroke-width: 2 }
        path.reference { fill: none; stroke: #bf8700; stroke-width: 2 }
        path.floor { fill: none; stroke: #8c959f; stroke-width: 2 }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3 } .quiet { fill: #9198a1 }
          .card { fill: #151b23; stroke: #3d444d } .grid { stroke: #3d444d }
          .range { stroke: #e6edf3 } .limit { stroke: #ff7b72 } .halo { stroke: #151b23 }
          .ours { fill: #4493f8 } .reference { fill: #d29922 } .floor { fill: #7d8590 }
          path.ours { stroke: #4493f8 } path.reference { stroke: #d29922 } path.floor { stroke: #7d8590 }
        }
        """;

    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    private readonly XElement _root;

    public Drawing(double width, double height, string title)
    {
        _root = new XElement(
            s_svg + "svg",
            new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width} {height}")),
            new XAttribute("width", width),
            new XAttribute("height", height),
            new XAttribute("role", "img"),
            new XElement(s_svg + "title", title),
            new XElement(s_svg + "style", Style)
        );
        Add("rect", "card", ("x", 0.5), ("y", 0.5), ("width", width - 1), ("height", height - 1), ("rx", 8));
        Text(20, 28, title, "heading");
    }

    public void Text(double x, double y, string text, string style = "", string anchor = "start") =>
        _root.Add(
            new XElement(
                s_svg + "text",
                new XAttribute("class", style),
                new XAttribute("text-anchor", anchor),
                Number("x", x),
                Number("y", y),
                text
            )
        );

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        Add("line", style, ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2));

    public void Bar(double x, double y, double width, double height, string style) =>
        Add("rect", style, ("x", x), ("y", y), ("width", Math.Max(width, 1)), ("height", height), ("rx", 2));

    public void Dot(double x, double y, double radius, string style) => Add("circle", style, ("cx", x), ("cy", y), ("r", radius));

    public void Curve(IEnumerable<(double X, double Y)> points, string style) =>
        _root.Add(
            new XElement(
                s_svg + "path",
                new XAttribute("class", style),
                new XAttribute("d", "M" + string.Join(" L", points.Select(point => Round(point.X) + "," + Round(point.Y))))
            )
        );

    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, _root + "\n");
    }

    private void Add(string element, string style, params ReadOnlySpan<(string Name, double Value)> attributes)
    {
        var drawn = new XElement(s_svg + element, new XAttribute("class", style));
        foreach ((string name, double value) in attributes)
            drawn.Add(Number(name, value));
        _root.Add(drawn);
    }

    private static XAttribute Number(string name, double value) => new(name, Round(value));

    private static string Round(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);
}
