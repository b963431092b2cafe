using System.Security.Claims;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Claims;

/// <summary>Applies <see cref="OAuthIntrospectionOptions.ClaimMappings"/> to the members of a response.</summary>
internal static class ClaimMapper
{
    /// <summary>Maps the members. The response keeps the result, so a cached response is mapped once.</summary>
    public static MemberValue[] Map(IntrospectionResponse response, IDictionary<string, string> mappings)
    {
        if (mappings.Count == 0)
            return response.Members;

        if (response.Mapped is { } mapped && ReferenceEquals(mapped.Mappings, mappings))
            return mapped.Members;

        MemberValue[] members = Apply(response.Members, mappings);
        response.Mapped = new MappedMembers(mappings, members);
        return members;
    }

    private static MemberValue[] Apply(MemberValue[] members, IDictionary<string, string> mappings)
    {
        var values = new List<MemberValue>(members.Length);
        foreach (MemberValue member in members)
        {
            if (!mappings.TryGetValue(member.Name, out string? name))
                values.Add(member);
            else if (name != MemberNames.Scope)
                values.Add(new(name, member.Text, member.ValueType));
            else if (member.ValueType == ClaimValueTypes.String)
                // Only strings: words inside JSON must not become scopes
                JsonValueReader.AddScopes(member.Text, StringPool.None, [], values);
        }

        foreach ((string path, string name) in mappings)
        {
            if (!Array.Exists(members, member => member.Name == path)) // a member with this exact name is mapped above
                MemberPathReader.Read(members, path, name, values);
        }

        return WithoutRepeatedScopes(values);
    }

    /// <summary>Several members may be mapped to <c>scope</c> and contain the same scopes.</summary>
    private static MemberValue[] WithoutRepeatedScopes(List<MemberValue> values)
    {
        var scopes = new HashSet<string>(StringComparer.Ordinal);
        values.RemoveAll(value => value.Name == MemberNames.Scope && !scopes.Add(value.Text));
        return [.. values];
    }
}
