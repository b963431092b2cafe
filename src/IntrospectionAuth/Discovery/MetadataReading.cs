using System.Globalization;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Discovery;

/// <summary>What one well-known URL has brought: metadata, or why it is none.</summary>
internal readonly struct MetadataReading
{
    private MetadataReading(ServerMetadata? metadata, string? fault, bool isDocument = false, Unavailability? unavailability = null)
    {
        Metadata = metadata;
        Fault = fault;
        IsDocument = isDocument;
        Unavailability = unavailability;
    }

    public ServerMetadata? Metadata { get; }

    /// <summary>A fixed phrase: nothing that the server has sent is in it.</summary>
    public string? Fault { get; }

    /// <summary>Whether there was a document, with something wrong in it: that says more than any status.</summary>
    public bool IsDocument { get; }

    /// <summary>What has happened, when the server or what is in front of it was in trouble.</summary>
    public Unavailability? Unavailability { get; }

    public static MetadataReading Of(ServerMetadata metadata) => new(metadata, null);

    public static MetadataReading NotMetadata(string fault) => new(null, fault, isDocument: true);

    public static MetadataReading NoDocument(string fault) => new(null, fault);

    public static MetadataReading Failed(Unavailability unavailability) =>
        new(
            null,
            unavailability.StatusCode is { } status
                ? string.Create(CultureInfo.InvariantCulture, $"status {(int)status}")
                : "the connection failed",
            unavailability: unavailability
        );
}
