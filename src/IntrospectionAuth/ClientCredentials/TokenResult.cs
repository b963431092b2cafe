using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.ClientCredentials;

/// <summary>What came of asking for a token.</summary>
internal sealed class TokenResult : IFetchResult<TokenResult>
{
    /// <summary>The token; null when there is none.</summary>
    public ClientToken? Token { get; private init; }

    /// <summary>Why there is none.</summary>
    public Unavailability? Unavailability { get; private init; }

    public bool MayBeRetried => Unavailability?.MayBeRetried == true;

    public TokenResult AsRetried() => None(Unavailability! with { WasRetried = true });

    public static TokenResult Issued(ClientToken token) => new() { Token = token };

    public static TokenResult None(Unavailability unavailability) => new() { Unavailability = unavailability };
}
