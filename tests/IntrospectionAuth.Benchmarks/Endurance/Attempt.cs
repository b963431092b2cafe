namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>A request to a node, and its response.</summary>
internal sealed class Attempt
{
    /// <summary>The number of the node.</summary>
    public required int Node { get; init; }

    /// <summary>The tenant that the request names.</summary>
    public required string Tenant { get; init; }

    /// <summary>The token that was sent; null if there was none or a malformed one.</summary>
    public EnduranceToken? Token { get; init; }

    /// <summary>Whether the <c>Authorization</c> header was malformed.</summary>
    public bool IsMalformed { get; init; }

    /// <summary>What is wrong with the proof; <see cref="ProofFlaw.None"/> if the token needs none.</summary>
    public ProofFlaw Flaw { get; init; }

    /// <summary>The request that used the proof before.</summary>
    public Attempt? ReplayOf { get; init; }

    /// <summary>The <c>Authorization</c> header; null for none.</summary>
    public required string? Authorization { get; init; }

    /// <summary>The <c>DPoP</c> headers.</summary>
    public string[] Proofs { get; init; } = [];

    /// <summary>The <c>Host</c> header: nodes behind one name have the same, so a proof for one is valid at another.</summary>
    public required string Host { get; init; }

    public DateTimeOffset SentAt { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    /// <summary>The status; 0 if there was no response.</summary>
    public int Status { get; set; }

    /// <summary>The body, which is the subject; the fault if there was no response.</summary>
    public string Body { get; set; } = "";

    /// <summary>The <c>WWW-Authenticate</c> header.</summary>
    public string Challenge { get; set; } = "";

    public TimeSpan? RetryAfter { get; set; }
}
