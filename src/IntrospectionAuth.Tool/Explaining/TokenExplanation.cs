using IntrospectionAuth.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tool.Explaining;

/// <summary>What the scheme decides about a token, check by check, and the fingerprint of the token.</summary>
internal sealed class TokenExplanation
{
    private TokenExplanation(string token, Decision decision)
    {
        Fingerprint = Terminal.Fingerprint.Of(token);
        Decision = decision;
    }

    public string Fingerprint { get; }

    public Decision Decision { get; }

    public bool IsAccepted => Decision.Outcome == DecisionOutcome.Accepted;

    /// <summary>
    /// Whether the token is bound to a key or certificate, and everything else is right: only a request can prove possession.
    /// </summary>
    public bool NeedsProof => Decision.Failed is { Name: PossessionChecks.MissingProof };

    /// <summary>Introspects a token as the application does, except that nothing can prove possession of a key.</summary>
    public static async Task<TokenExplanation> ExplainAsync(
        IServiceProvider services,
        string scheme,
        string token,
        CancellationToken cancellationToken
    )
    {
        var log = services.GetRequiredService<DecisionLog>();
        log.IsEnabled = true;
        await services.GetRequiredService<OAuthIntrospector>().ExplainAsync(token, scheme, cancellationToken);
        return new TokenExplanation(token, log.Newest()[0]);
    }
}
