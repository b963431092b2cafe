using System.Security.Claims;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Claims;

/// <summary>Gives members of an answer the claim types that <see cref="OAuthIntrospectionOptions.ClaimMappings"/> asks for.</summary>
internal static class ClaimMapper
{
    /// <summary>Maps the members; the result is kept with the answer, so that a cached answer is mapped once.</summary>
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
                JsonValueReader.AddScopes(member.Text, StringPool.None, [], values); // nothing but a string is a scope: words inside JSON would grant what nobody meant
        }

        foreach ((string path, string name) in mappings)
        {
            if (!Array.Exists(members, member => member.Name == path)) // that one has been renamed above, whatever its name looks like
                MemberPathReader.Read(members, path, name, values);
        }

        return WithoutRepeatedScopes(values);
    }

    /// <summary>Several members may have become scopes, and say the same.</summary>
    private static MemberValue[] WithoutRepeatedScopes(List<MemberValue> values)
    {
        var scopes = new HashSet<string>(StringComparer.Ordinal);
        values.RemoveAll(value => value.Name == MemberNames.Scope && !scopes.Add(value.Text));
        return [.. values];
    }
}
