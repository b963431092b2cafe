namespace IntrospectionAuth.Discovery;

/// <summary>What one well-known URL has brought: metadata, or why it is none.</summary>
internal readonly struct MetadataReading
{
    private MetadataReading(ServerMetadata? metadata, string? fault)
    {
        Metadata = metadata;
        Fault = fault;
    }

    public ServerMetadata? Metadata { get; }

    /// <summary>A fixed phrase: nothing that the server has sent is in it.</summary>
    public string? Fault { get; }

    public static MetadataReading Of(ServerMetadata metadata) => new(metadata, null);

    public static MetadataReading NotMetadata(string fault) => new(null, fault);
}
