namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>What a subject identifier names (RFC 9493; SSF 1.0, section 3.3), read a second time.</summary>
internal sealed class PlainSubject
{
    public HashSet<string> Subjects { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Sessions { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Organizations { get; } = new(StringComparer.Ordinal);

    /// <returns>Whether the subject is well-formed.</returns>
    public bool TryAdd(PlainValue subject)
    {
        if (subject.Kind != PlainKind.Object)
            return false;

        string[] parts = ["user", "session", "tenant", "device"];
        bool isDraft = subject.Get("format") is null && Array.Exists(parts, it => subject.Get(it) is not null);
        if (subject.GetText("format") != "complex" && !isDraft)
        {
            if (Identify(subject) is not { } values)
                return false;
            Subjects.UnionWith(values);
            if (subject.GetText("format") == "opaque")
                Sessions.UnionWith(values);
            return true;
        }

        List<string>? users = IdentifyMember(subject, "user");
        List<string>? sessions = IdentifyMember(subject, "session");
        List<string>? tenants = IdentifyMember(subject, "tenant");
        if (users is null || sessions is null || tenants is null)
            return false;

        Subjects.UnionWith(users);
        Sessions.UnionWith(sessions);
        if (users.Count == 0 && sessions.Count == 0)
            Organizations.UnionWith(tenants);
        return true;
    }

    private static List<string>? IdentifyMember(PlainValue subject, string name) =>
        subject.Get(name) is { } identifier ? Identify(identifier) : [];

    /// <returns>The values; null when the identifier is malformed.</returns>
    private static List<string>? Identify(PlainValue identifier)
    {
        if (identifier.Kind != PlainKind.Object || identifier.GetText("format") is not { Length: > 0 } format)
            return null;

        if (format == "aliases")
        {
            if (identifier.Get("identifiers") is not { Kind: PlainKind.Array, Items.Count: > 0 } list)
                return null;
            List<string>?[] all = [.. list.Items.Select(static it => it.GetText("format") == "aliases" ? null : Identify(it))];
            return Array.Exists(all, static it => it is null) ? null : [.. all.SelectMany(static it => it!)];
        }

        string? member = format switch
        {
            "iss_sub" => "sub",
            "opaque" => "id",
            "email" or "phone_number" or "uri" => format,
            "did" => "url",
            "account" => "uri",
            _ => null, // not supported
        };
        if (member is null)
            return [];
        if (
            identifier.GetText(member) is not { Length: > 0 } value
            || (format == "iss_sub" && identifier.GetText("iss") is not { Length: > 0 })
        )
        {
            return null;
        }

        // An account without its scheme is also a name; nothing is removed by an empty one.
        bool hasScheme = format == "account" && value.StartsWith("acct:", StringComparison.OrdinalIgnoreCase) && value.Length > 5;
        return hasScheme ? [value, value[5..]] : [value];
    }
}
