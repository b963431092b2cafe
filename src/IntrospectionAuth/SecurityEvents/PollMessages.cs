using System.Buffers;
using System.Text.Json;
using IntrospectionAuth.Json;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.SecurityEvents;

/// <summary>Writes the request of a poll and reads its response (RFC 8936, sections 2.2 and 2.3).</summary>
internal static class PollMessages
{
    private const int MaximumDepth = 8;

    public static byte[] Write(SecurityEventPollerOptions options, PollAcknowledgements acknowledgements)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("maxEvents", options.MaximumEvents);
            json.WriteBoolean("returnImmediately", !options.LongPolling);
            if (acknowledgements.Accepted.Count > 0)
            {
                json.WriteStartArray("ack");
                foreach (string id in acknowledgements.Accepted)
                    json.WriteStringValue(id);
                json.WriteEndArray();
            }

            if (acknowledgements.Refused.Count > 0)
            {
                json.WriteStartObject("setErrs");
                foreach ((string id, SecurityEventError error) in acknowledgements.Refused)
                {
                    json.WriteStartObject(id);
                    json.WriteString("err", error.Code);
                    json.WriteString("description", error.Description);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static Reading<PollResponse> Read(byte[] body) => StrictJson.Read(body, MaximumDepth, Read);

    private static Reading<PollResponse> Read(JsonElement json)
    {
        if (!json.TryGetProperty("sets", out JsonElement sets) || sets.ValueKind != JsonValueKind.Object)
            return Reading<PollResponse>.Unusable("it has no sets");

        var tokens = new List<KeyValuePair<string, string?>>();
        foreach (JsonProperty set in sets.EnumerateObject())
            tokens.Add(new(set.Name, set.Value.ValueKind == JsonValueKind.String ? set.Value.GetString() : null));

        return Reading<PollResponse>.Of(new PollResponse(tokens)); // moreAvailable says only what the next poll finds out.
    }
}
