using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Discovery;

/// <summary>What came of looking for the server's metadata.</summary>
internal sealed class DiscoveryResult : IFetchResult<DiscoveryResult>
{
    /// <summary>What was found; null when nothing was.</summary>
    public ServerMetadata? Metadata { get; private init; }

    /// <summary>Why nothing was found.</summary>
    public Unavailability? Unavailability { get; private init; }

    public bool MayBeRetried => Unavailability?.MayBeRetried == true;

    public DiscoveryResult AsRetried() => NotFound(Unavailability! with { WasRetried = true });

    public static DiscoveryResult Found(ServerMetadata metadata) => new() { Metadata = metadata };

    public static DiscoveryResult NotFound(Unavailability unavailability) => new() { Unavailability = unavailability };
}
