namespace IntrospectionAuth.SecurityEvents;

/// <summary>The response to a poll.</summary>
/// <param name="tokens">The security event tokens by their <c>jti</c>; null for one that is no text.</param>
internal sealed class PollResponse(IReadOnlyList<KeyValuePair<string, string?>> tokens)
{
    public IReadOnlyList<KeyValuePair<string, string?>> Tokens => tokens;
}
