using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Claims;

/// <summary>Reads single members of a response by the names that the authorization server uses, before claim mapping.</summary>
internal static class ResponseMembers
{
    /// <summary>Whether a top-level member has this value, or is an array that contains it.</summary>
    public static bool Has(IntrospectionResponse response, string name, string value)
    {
        foreach (MemberValue member in response.Members)
        {
            if (member.Name == name && member.Text == value)
                return true;
        }

        return false;
    }

    /// <summary>
    /// The same for a path as in <see cref="OAuthIntrospectionOptions.ClaimMappings"/>: a member's name, or names separated by dots.
    /// </summary>
    public static bool HasAt(IntrospectionResponse response, string path, string value)
    {
        // As with claim mappings, a member whose name equals the whole path takes precedence.
        if (Array.Exists(response.Members, member => member.Name == path))
            return Has(response, path, value);
        if (!path.Contains('.', StringComparison.Ordinal))
            return false;

        var values = new List<MemberValue>();
        MemberPathReader.Read(response.Members, path, path, values);
        return values.Exists(member => member.Text == value);
    }
}
