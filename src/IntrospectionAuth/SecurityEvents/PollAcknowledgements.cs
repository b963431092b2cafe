namespace IntrospectionAuth.SecurityEvents;

/// <summary>What a poll reports about the tokens of the previous one, by their <c>jti</c>.</summary>
internal sealed class PollAcknowledgements
{
    public List<string> Accepted { get; } = [];

    public Dictionary<string, SecurityEventError> Refused { get; } = new(StringComparer.Ordinal);

    public bool Contains(string id) => Accepted.Contains(id, StringComparer.Ordinal) || Refused.ContainsKey(id);
}
