using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Configuration;

/// <summary>Finds faults in the options that decide which responses and tokens are accepted.</summary>
internal static class ValidationFaults
{
    public static IEnumerable<string> Find(OAuthIntrospectionOptions options) =>
        [.. FindStatusFaults(options), .. FindTokenUseFaults(options), .. FindDPoPFaults(options)];

    private static IEnumerable<string> FindStatusFaults(OAuthIntrospectionOptions options) =>
        options
            .InactiveStatusCodes.Distinct()
            .Where(static status => !InactiveStatus.CanBeMeant(status))
            .Select(static status =>
                $"InactiveStatusCodes has {status}, which does not report an unknown token: "
                + $"{InactiveStatus.Describe(status)}. Remove it. Possible values are 400, 401, 403, 404, 410 and 422."
            );

    private static IEnumerable<string> FindTokenUseFaults(OAuthIntrospectionOptions options)
    {
        foreach (string use in options.AcceptedTokenUses.Where(static use => !string.IsNullOrWhiteSpace(use)))
        {
            if (TokenKindReader.Read(MemberNames.TokenUse, use) is TokenKind.Refresh)
                yield return "AcceptedTokenUses has a value that means a refresh token. Remove it, or set AcceptRefreshTokens.";
            else if (TokenKindReader.Read(MemberNames.TokenUse, use) is TokenKind.Other)
                yield return "AcceptedTokenUses has a value that never means an access token, such as one for ID tokens. Remove it.";
        }
    }

    private static IEnumerable<string> FindDPoPFaults(OAuthIntrospectionOptions options)
    {
        if (options.DPoP.Algorithms.Except(OAuthIntrospectionDPoPOptions.KnownAlgorithms, StringComparer.Ordinal).Any())
        {
            yield return "DPoP.Algorithms has a value that is not an algorithm for proofs. "
                + $"Use {string.Join(", ", OAuthIntrospectionDPoPOptions.KnownAlgorithms)}, or remove it to accept them all.";
        }

        if (options.RequireDPoP && !options.TokenRetrieval.IsHeaderOnly)
        {
            yield return "RequireDPoP is on, but TokenRetrieval takes tokens from a form or query, which carry no proof. "
                + "Remove TokenRetrieval.FormBody and TokenRetrieval.QueryPaths, or RequireDPoP.";
        }
    }
}
