using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace IntrospectionAuth.Benchmarks.Workloads;

/// <summary>An introspection response about a numbered token: the combined members of WorkOS and Attio, with five scopes.</summary>
internal static class SampleResponse
{
    /// <summary>The number of members in the combined response of the two vendors.</summary>
    public const int UsualMembers = 15;

    public static byte[] Write(int token, int members, DateTimeOffset now)
    {
        string number = token.ToString("D10", CultureInfo.InvariantCulture);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("active", value: true);
            json.WriteString("scope", "record_permission:read object_configuration:read list_entry:read-write note:read task:read");
            json.WriteString("client_id", "client_01JX4B7Q0ZC2N4V8R6T5S3W1YM");
            json.WriteNumber("exp", now.AddDays(1).ToUnixTimeSeconds());
            json.WriteString("sub", $"user_01JX4B{number}7Q0ZC2N4V8");
            if (members >= UsualMembers)
                WriteRest(json, number, now);
            for (int member = UsualMembers; member < members; member++)
                json.WriteString($"member_{member}", $"value {member} of {number}");
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteRest(Utf8JsonWriter json, string number, DateTimeOffset now)
    {
        json.WriteString("username", $"user-{number}@example.com");
        json.WriteString("token_type", "access_token");
        json.WriteNumber("iat", now.AddMinutes(-1).ToUnixTimeSeconds());
        json.WriteString("aud", "client_01JX4B7Q0ZC2N4V8R6T5S3W1YM");
        json.WriteString("iss", "https://auth.example.com");
        json.WriteString("jti", $"01JX4B{number}9K3D5F7H1J");
        json.WriteString("sid", $"session_01JX4B{number}2M4P6Q8R0S");
        json.WriteString("org_id", "org_01JX4B7Q0ZC2N4V8R6T5S3W1YM");
        json.WriteString("workspace_id", "14beef7a-99f7-4534-a87e-70b564330a4c");
        json.WriteString("authorized_by_workspace_member_id", $"50cf242c-7fa3-4cad-87d0-75{number}");
    }
}
