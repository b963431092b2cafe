using System.Security.Claims;
using System.Text;
using System.Text.Json;

namespace IntrospectionAuth.Responses;

/// <summary>
/// Finds the values at a dotted path inside a member that is an object: <c>realm_access.roles</c>. A path that ends in <c>.*</c> finds the
/// names of an object's members.
/// </summary>
/// <remarks>
/// Names of members may contain dots (<c>https://example.com/roles</c>). At each level the longest matching name is tried first,
/// and the first match that leads to a value is used.
/// </remarks>
internal static class MemberPathReader
{
    private const string NamesOfMembers = "*";

    /// <summary>Adds the values at <paramref name="path"/> under another name.</summary>
    /// <param name="members">The members of a response. None of them has the whole path as its name.</param>
    /// <param name="path">The path.</param>
    /// <param name="name">The name of the values found.</param>
    /// <param name="values">Where to add them.</param>
    public static void Read(MemberValue[] members, string path, string name, List<MemberValue> values)
    {
        foreach (
            IGrouping<int, MemberValue> way in members
                .Where(member => member.ValueType == JsonValueTypes.Object && LeadsInside(member.Name, path))
                .GroupBy(member => member.Name.Length) // There is one name of each length.
                .OrderByDescending(way => way.Key)
        )
        {
            bool isFound = false;
            foreach (MemberValue member in way)
                isFound |= ReadObject(Encoding.UTF8.GetBytes(member.Text), path[(way.Key + 1)..], name, values);
            if (isFound)
                return;
        }
    }

    private static bool LeadsInside(string member, string path) =>
        path.Length > member.Length + 1 && path[member.Length] == '.' && path.StartsWith(member, StringComparison.Ordinal);

    private static bool ReadObject(ReadOnlySpan<byte> source, string path, string name, List<MemberValue> values)
    {
        var ways = new List<(int Length, Range Value)>();
        var json = new Utf8JsonReader(source);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string member = json.GetString()!;
            json.Read();
            int start = (int)json.TokenStartIndex;
            json.Skip();
            if (member == path || LeadsInside(member, path))
                ways.Add((member.Length, start..(int)json.BytesConsumed));
        }

        foreach (IGrouping<int, Range> way in ways.GroupBy(way => way.Length, way => way.Value).OrderByDescending(way => way.Key))
        {
            bool isFound = false;
            foreach (Range value in way)
                isFound |= ReadValue(source[value], way.Key == path.Length ? "" : path[(way.Key + 1)..], name, values);
            if (isFound)
                return true;
        }

        return path == NamesOfMembers && ReadNames(source, name, values);
    }

    private static bool ReadValue(ReadOnlySpan<byte> source, string path, string name, List<MemberValue> values)
    {
        var json = new Utf8JsonReader(source);
        json.Read();
        if (path.Length == 0)
        {
            int count = values.Count;
            JsonValueReader.Read(ref json, source, name, StringPool.None, values);
            return values.Count > count;
        }

        if (json.TokenType == JsonTokenType.StartObject)
            return ReadObject(source, path, name, values);

        bool isFound = false;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) // A value that is not an array ends at once.
        {
            int start = (int)json.TokenStartIndex;
            json.Skip();
            if (json.TokenType == JsonTokenType.EndObject)
                isFound |= ReadObject(source[start..(int)json.BytesConsumed], path, name, values);
        }

        return isFound;
    }

    /// <summary>
    /// Adds the names of an object's members: <c>{"admin":{…}}</c> is "admin". Members that are null or false are left out.
    /// </summary>
    private static bool ReadNames(ReadOnlySpan<byte> source, string name, List<MemberValue> values)
    {
        var names = new OrderedDictionary<string, bool>(StringComparer.Ordinal);
        var json = new Utf8JsonReader(source);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string member = json.GetString()!;
            json.Read();
            bool isSo = json.TokenType is not (JsonTokenType.Null or JsonTokenType.False) && member.Length > 0;
            names[member] = isSo && names.GetValueOrDefault(member, true); // A name with both values is left out.
            json.Skip();
        }

        int count = values.Count;
        foreach ((string member, bool isSo) in names)
        {
            if (isSo && name == MemberNames.Scope)
                JsonValueReader.AddScopes(member, StringPool.None, [], values);
            else if (isSo)
                values.Add(new(name, member, ClaimValueTypes.String));
        }

        return values.Count > count;
    }
}
