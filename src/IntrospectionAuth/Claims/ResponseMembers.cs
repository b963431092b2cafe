using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Claims;

/// <summary>Reads single members of a response by the names that the authorization server uses, before claim mapping.</summary>
internal static class ResponseMembers
{
    /// <summary>Whether a top-level member has this value, or is an array that contains it.</summary>
    public static bool Has(IntrospectionResponse response, string name, string value) => Has(response, name, other => other == value);

    /// <summary>Whether a top-level member has such a value, or is an array that contains one.</summary>
    public static bool Has(IntrospectionResponse response, string name, Predicate<string> isValue)
    {
        foreach (MemberValue member in response.Members)
        {
            if (member.Name == name && isValue(member.Text))
                return true;
        }

        return false;
    }

    /// <summary>
    /// The same for a path as in <see cref="OAuthIntrospectionOptions.ClaimMappings"/>: a member's name, or names separated by dots.
    /// </summary>
    public static bool HasAt(IntrospectionResponse response, string path, string value) => HasAt(response, path, other => other == value);

    /// <summary>Whether there is such a value at the path.</summary>
    public static bool HasAt(IntrospectionResponse response, string path, Predicate<string> isValue)
    {
        // As with claim mappings, a member whose name equals the whole path takes precedence.
        if (Array.Exists(response.Members, member => member.Name == path))
            return Has(response, path, isValue);
        if (!path.Contains('.', StringComparison.Ordinal))
            return false;

        var values = new List<MemberValue>();
        MemberPathReader.Read(response.Members, path, path, values);
        return values.Exists(member => isValue(member.Text));
    }
}
