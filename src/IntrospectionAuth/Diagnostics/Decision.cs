using IntrospectionAuth.Events;
using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Diagnostics;

/// <summary>What one scheme decided about the token of one request, or of one call of <see cref="OAuthIntrospector"/>, and why.</summary>
/// <remarks>It holds no token. <see cref="Exchanges"/> hold the server's responses, with secrets masked.</remarks>
internal sealed class Decision
{
    /// <summary>The number of the decision in its log: later decisions have higher ones. Zero when it is not in the log.</summary>
    public long Number { get; set; }

    /// <summary>The <see cref="DecisionLog.Version"/> with which the decision was added or completed.</summary>
    public long Version { get; set; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>The method of the request; null without a request.</summary>
    public string? Method { get; init; }

    /// <summary>The path of the request, without the query; null without a request.</summary>
    public string? Path { get; init; }

    /// <summary>The display name of the endpoint; null before routing, and without a request.</summary>
    public string? Endpoint { get; init; }

    public required string Scheme { get; init; }

    /// <summary>The name of the tenant; null when the scheme has none, or the tenant of the request is not known.</summary>
    public string? Tenant { get; init; }

    /// <summary>Identifies the token among those of this process; null when there is none, or it is malformed.</summary>
    public string? Fingerprint { get; init; }

    public required DecisionOutcome Outcome { get; init; }

    /// <summary>Why the token was not accepted; null when it was, and when the application rejected it.</summary>
    public OAuthIntrospectionFailure? Failure { get; init; }

    /// <summary>Whether the application's <c>OnAuthenticationFailed</c> replaced the failure by a result of its own.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>The status that was sent in the end; zero before that, and without a request.</summary>
    public int StatusCode { get; set; }

    public ResponseSource Source { get; init; }

    /// <summary>When the server was asked for the response; null when there is no response.</summary>
    public DateTimeOffset? ObtainedAt { get; init; }

    /// <summary>The calls to the introspection endpoint, in their order; empty for a cached response.</summary>
    public IReadOnlyList<Exchange> Exchanges { get; init; } = [];

    /// <summary>Every check, in the order in which the handler makes them.</summary>
    public required IReadOnlyList<Check> Checks { get; init; }

    /// <summary>What to do about the failure; null when the token was accepted.</summary>
    public Remedy? Remedy { get; init; }

    /// <summary>Why the endpoint's policy refused the request; null when it did not.</summary>
    public PolicyDecision? Policy { get; set; }

    /// <summary>The check that decided; null when the token was accepted.</summary>
    public Check? Failed => Checks.FirstOrDefault(static check => check.Verdict == CheckVerdict.Failed);

    /// <summary>What a caller may read in Development; null when the token was accepted.</summary>
    public Explanation? Explanation => Failed is { } failed ? new(failed.ToString(), Remedy?.ToString()) : null;
}
