namespace IntrospectionAuth.Responses;

/// <summary>One value of a member of a response, as a claim has it. A member that is an array has several.</summary>
internal readonly struct MemberValue(string name, string text, string valueType)
{
    public string Name { get; } = name;

    public string Text { get; } = text;

    /// <summary>One of <see cref="System.Security.Claims.ClaimValueTypes"/>, or of <see cref="JsonValueTypes"/>.</summary>
    public string ValueType { get; } = valueType;
}
