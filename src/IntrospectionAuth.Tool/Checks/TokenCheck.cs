using IntrospectionAuth.Tool.Explaining;

namespace IntrospectionAuth.Tool.Checks;

/// <summary>Introspects a token and runs every check of it: the last step, if there is a token.</summary>
internal static class TokenCheck
{
    public static async Task<Step> RunAsync(IServiceProvider services, string scheme, string token, CancellationToken cancellationToken)
    {
        TokenExplanation explanation = await TokenExplanation.ExplainAsync(services, scheme, token, cancellationToken);
        string target = explanation.Fingerprint;
        if (explanation.IsAccepted)
            return Step.Ok(StepNames.Token, $"{target} is active, and every check accepts it", target);

        return explanation.NeedsProof
            ? Step.Warn(
                StepNames.Token,
                $"{target} is bound to a key or certificate",
                "Nothing else is wrong with it. Send it with its DPoP proof or client certificate.",
                target
            )
            : Step.Fail(StepNames.Token, explanation.Decision.Failed!.ToString(), explanation.Decision.Remedy, target);
    }
}
