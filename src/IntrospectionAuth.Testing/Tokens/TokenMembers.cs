using System.Text.Encodings.Web;
using System.Text.Json;

namespace IntrospectionAuth.Testing.Tokens;

/// <summary>The members of a response, in order.</summary>
internal sealed class TokenMembers
{
    private readonly List<KeyValuePair<string, object?>> _members = [];

    public void Add(string name, object? value) => _members.Add(new(name, value));

    public void AddIfSet(string name, object? value)
    {
        if (value is not null)
            Add(name, value);
    }

    /// <summary>Adds <c>aud</c> as a string for one audience, and as an array for several.</summary>
    public void AddAudiences(IReadOnlyList<string> audiences)
    {
        if (audiences.Count > 0)
            Add("aud", audiences.Count == 1 ? audiences[0] : audiences.ToArray());
    }

    /// <summary>Replaces a member in its place, or adds it at the end.</summary>
    public void Replace(string name, object? value)
    {
        int index = _members.FindIndex(member => string.Equals(member.Key, name, StringComparison.Ordinal));
        if (index < 0)
            Add(name, value);
        else
            _members[index] = new(name, value);
    }

    public byte[] ToJson()
    {
        using MemoryStream stream = new();
        JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
        using (Utf8JsonWriter writer = new(stream, options))
        {
            writer.WriteStartObject();
            foreach ((string name, object? value) in _members)
            {
                if (value == FakeJson.Absent)
                    continue;

                writer.WritePropertyName(name);
                JsonValueWriter.Write(writer, value);
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
