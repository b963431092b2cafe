using System.Text;
using System.Text.Json;

namespace IntrospectionAuth.Introspection;

/// <summary>Finds the values at a dotted path inside a member that is an object: <c>realm_access.roles</c>.</summary>
internal static class MemberPathReader
{
    /// <summary>Adds the values at <paramref name="path"/> under another name.</summary>
    /// <param name="members">The members of an answer.</param>
    /// <param name="path">The path; its first part is the name of a member, which may itself have dots.</param>
    /// <param name="name">The name of the values found.</param>
    /// <param name="values">Where to add them.</param>
    public static void Read(ReadOnlySpan<MemberValue> members, string path, string name, List<MemberValue> values)
    {
        foreach (MemberValue member in members)
        {
            bool leadsInside = member.ValueType == JsonValueTypes.Object && path.Length > member.Name.Length + 1
                && path[member.Name.Length] == '.' && path.StartsWith(member.Name, StringComparison.Ordinal);
            if (leadsInside)
                ReadObject(Encoding.UTF8.GetBytes(member.Text), path[(member.Name.Length + 1)..], name, values);
        }
    }

    private static void ReadObject(ReadOnlySpan<byte> source, string path, string name, List<MemberValue> values)
    {
        var json = new Utf8JsonReader(source);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string member = json.GetString()!;
            json.Read();

            if (member == path)
            {
                JsonValueReader.Read(ref json, source, name, StringPool.None, values);
                continue;
            }

            int start = (int)json.TokenStartIndex;
            bool leadsInside = json.TokenType == JsonTokenType.StartObject && path.Length > member.Length + 1
                && path[member.Length] == '.' && path.StartsWith(member, StringComparison.Ordinal);
            json.Skip();
            if (leadsInside)
                ReadObject(source[start..(int)json.BytesConsumed], path[(member.Length + 1)..], name, values);
        }
    }
}
