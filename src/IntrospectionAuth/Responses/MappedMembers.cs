namespace IntrospectionAuth.Responses;

/// <summary>The members of a response under the names that one set of mappings gives them.</summary>
internal sealed class MappedMembers(IDictionary<string, string> mappings, MemberValue[] members)
{
    public IDictionary<string, string> Mappings { get; } = mappings;

    public MemberValue[] Members { get; } = members;
}
