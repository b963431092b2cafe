using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Tool.Settings;

/// <summary>The configuration of a scheme, and where it was found.</summary>
internal sealed class SchemeSettings
{
    public const string Schemes = "Authentication:Schemes";

    /// <summary>A change of the JSON output that breaks its readers raises it.</summary>
    private const int JsonVersion = 1;

    public required string Scheme { get; init; }

    public required string Environment { get; init; }

    public required IConfiguration Configuration { get; init; }

    /// <summary>The sources that have settings of the scheme, the last one taking precedence.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The sources as a text.</summary>
    public string SourceNames => Sources.Count == 0 ? "none found" : string.Join(", ", Sources);

    /// <summary>The file that was searched for settings; null when none was.</summary>
    public required string? File { get; init; }

    public string Section => $"{Schemes}:{Scheme}";

    public bool HasSection => Configuration.GetSection(Section).GetChildren().Any();

    /// <summary>The names of the other schemes in the configuration.</summary>
    public IEnumerable<string> OtherSchemes => Configuration.GetSection(Schemes).GetChildren().Select(static child => child.Key);

    /// <summary>Writes the members with which every JSON output begins.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteNumber("version", JsonVersion);
        writer.WriteString("scheme", Scheme);
        writer.WriteString("environment", Environment);
        writer.WriteStartArray("sources");
        foreach (string source in Sources)
            writer.WriteStringValue(source);
        writer.WriteEndArray();
    }

    /// <summary>The same settings with another value for one of them.</summary>
    public SchemeSettings With(string setting, string value) =>
        new()
        {
            Scheme = Scheme,
            Environment = Environment,
            Configuration = new ConfigurationBuilder()
                .AddConfiguration(Configuration)
                .AddInMemoryCollection([KeyValuePair.Create($"{Section}:{setting}", (string?)value)])
                .Build(),
            Sources = Sources,
            File = File,
        };
}
