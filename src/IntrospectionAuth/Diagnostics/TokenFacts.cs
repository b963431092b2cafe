using IntrospectionAuth.DPoP;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Tokens;

namespace IntrospectionAuth.Diagnostics;

/// <summary>What is known about a token when the decision about it is made: the input of every check.</summary>
/// <remarks>It holds the token, so it ends with the request; a <see cref="Decision"/> keeps its checks only.</remarks>
internal sealed class TokenFacts
{
    public required OAuthIntrospectionOptions Options { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required RequestToken Token { get; init; }

    /// <summary>Names the token on the diagnostics page; null when no page needs it.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Whether there is a request, which can prove possession of a key or certificate.</summary>
    public bool HasRequest { get; init; } = true;

    /// <summary>What the request has in place of a token, as a phrase; null when that is not known.</summary>
    public string? InsteadOfToken { get; init; }

    /// <summary>Why the handler rejected the token; null when it accepted it, or found none.</summary>
    public OAuthIntrospectionFailure? Failure { get; init; }

    public ProofFault ProofFault { get; init; }

    /// <summary>The verified proof; null for a bearer token, and for a proof that was rejected before introspection.</summary>
    public VerifiedProof? Proof { get; init; }

    public ResponseSource Source { get; init; }

    public DateTimeOffset? ObtainedAt { get; init; }

    /// <summary>The active response; null when there is none.</summary>
    public IntrospectionResponse? Response { get; init; }

    /// <summary>What an inactive result is based on.</summary>
    public InactiveBasis Basis { get; init; }

    public Unavailability? Unavailability { get; init; }

    public IReadOnlyList<Exchange> Exchanges { get; init; } = [];

    /// <summary>Whether an event handler of the application decides last.</summary>
    public bool HandlesTokenValidated { get; init; }

    /// <summary>What no text about the decision may repeat.</summary>
    public string?[] Secrets => field ??= [Token.Value.HasValue ? Token.Value.ToString() : null, Options.ClientSecret];
}
