using System.Globalization;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Discovery;

/// <summary>The result of fetching metadata from one well-known URL.</summary>
/// <param name="Url">The URL.</param>
/// <param name="Outcome">The metadata, or why there is none.</param>
/// <param name="HasDocument">Whether the URL has a document that is not the metadata: that says more than any status.</param>
internal sealed record MetadataAttempt(Uri Url, Outcome<ServerMetadata> Outcome, bool HasDocument = false)
{
    /// <summary>Whether the server, or a proxy in front of it, failed: then another URL may have the metadata.</summary>
    public bool HasFailed => Outcome.Unavailability is { Reason: not UnavailableReason.NotDiscovered };

    /// <summary>What is wrong, as a part of a sentence that begins with the path of the URL.</summary>
    public string? Fault =>
        Outcome.Unavailability switch
        {
            null => null,
            { Fault: { } fault } => fault,
            { StatusCode: { } status } => string.Create(CultureInfo.InvariantCulture, $"status {(int)status}"),
            _ => "the connection failed",
        };
}
