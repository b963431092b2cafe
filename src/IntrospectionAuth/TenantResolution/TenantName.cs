namespace IntrospectionAuth.TenantResolution;

/// <summary>Decides which names can be those of tenants. Callers choose names, so nothing is looked up for any other.</summary>
internal static class TenantName
{
    public const int MaximumLength = 128;

    /// <summary>
    /// Whether the name is short, and text: no control characters, and no half of a surrogate pair, which would equal others as UTF-8.
    /// </summary>
    public static bool IsPossible(string name)
    {
        if (name.Length is 0 or > MaximumLength)
            return false;

        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsControl(name[i]))
                return false;
            if (!char.IsSurrogate(name[i]))
                continue;
            if (i + 1 == name.Length || !char.IsSurrogatePair(name[i], name[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
