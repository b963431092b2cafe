namespace IntrospectionAuth.Tests.Mistakes;

/// <summary>What the developer who made a mistake sees: when, and the lines.</summary>
internal sealed record Observation(string When, IReadOnlyList<string> Lines)
{
    public string? FindLine(string text) => Lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));
}
