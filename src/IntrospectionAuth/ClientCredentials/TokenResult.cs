using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.ClientCredentials;

/// <summary>What came of asking for a token.</summary>
internal sealed class TokenResult : IFetchResult
{
    /// <summary>The token; null when there is none.</summary>
    public ClientToken? Token { get; private init; }

    /// <summary>Why there is none. Several may get the same result; each takes a copy.</summary>
    public Unavailability? Unavailability { get; private init; }

    public bool IsTransient => Unavailability?.IsTransient == true;

    public void NoteRepeated() => Unavailability!.WasRepeated = true;

    public static TokenResult Issued(ClientToken token) => new() { Token = token };

    public static TokenResult None(Unavailability unavailability) => new() { Unavailability = unavailability };
}
