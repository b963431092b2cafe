using System.Text.Json;
using IntrospectionAuth.Json;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.PushedRevocation;

namespace IntrospectionAuth.SecurityEvents;

/// <summary>Reads the events of a security event token (RFC 8417, section 2.2; SSF 1.0, section 4.1).</summary>
internal static class SecurityEventReader
{
    /// <param name="claims">The claims of the token, without duplicate members.</param>
    /// <returns>The events, or a fixed sentence about the first fault.</returns>
    public static Reading<List<SecurityEvent>> Read(JsonElement claims)
    {
        // Both would let another kind of JWT be mistaken for an event.
        if (claims.TryGetProperty("sub", out _))
            return Fault("The token has a sub. The subject of an event is its sub_id.");
        if (claims.TryGetProperty("exp", out _))
            return Fault("The token has an exp. Events do not expire.");
        if (!claims.TryGetProperty("events", out JsonElement events) || events.ValueKind != JsonValueKind.Object)
            return Fault("The events are missing.");

        var read = new List<SecurityEvent>();
        foreach (JsonProperty entry in events.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Object)
                return Fault("An event is not an object.");

            switch (entry.Name)
            {
                case SecurityEventTypes.Verification:
                    read.Add(new SecurityEvent { Type = "verification", State = entry.Value.ReadString("state") });
                    break;
                case SecurityEventTypes.StreamUpdated:
                    if (ReadStatus(entry.Value) is not { } status)
                        return Fault("The status of the stream is missing or unknown.");
                    read.Add(new SecurityEvent { Type = "stream-updated", StreamStatus = status });
                    break;
                default:
                    string? type = SecurityEventTypes.FindRevocation(entry.Name);
                    RevokedTokens? tokens = type is null ? null : ReadSubjects(claims, entry.Value);
                    if (type is not null && tokens is null)
                        return Fault("The subject of an event is missing or malformed.");
                    read.Add(new SecurityEvent { Type = type, Tokens = tokens });
                    break;
            }
        }

        return read.Count > 0 ? Reading<List<SecurityEvent>>.Of(read) : Fault("There is no event.");
    }

    /// <summary>
    /// SSF 1.0, section 3.1: the subject is the token's <c>sub_id</c>. Events of CAEP and RISC may have it as a <c>subject</c>, too.
    /// </summary>
    /// <returns>The tokens of the subject; null when it is missing or malformed.</returns>
    private static RevokedTokens? ReadSubjects(JsonElement claims, JsonElement payload)
    {
        var tokens = new RevokedTokens();
        bool hasId = claims.TryGetProperty("sub_id", out JsonElement id);
        bool hasSubject = payload.TryGetProperty("subject", out JsonElement subject);
        if (!hasId && !hasSubject)
            return null;

        return (!hasId || SubjectReader.TryRead(id, tokens)) && (!hasSubject || SubjectReader.TryRead(subject, tokens)) ? tokens : null;
    }

    private static string? ReadStatus(JsonElement payload) =>
        payload.ReadString("status") switch
        {
            "enabled" => "enabled",
            "paused" => "paused",
            "disabled" => "disabled",
            _ => null,
        };

    private static Reading<List<SecurityEvent>> Fault(string fault) => Reading<List<SecurityEvent>>.Unusable(fault);
}
