using System.Text.Json;
using IntrospectionAuth.Json;
using IntrospectionAuth.PushedRevocation;

namespace IntrospectionAuth.SecurityEvents;

/// <summary>
/// Reads a subject: an identifier (RFC 9493), or a complex subject of several (SSF 1.0, section 3.3). What is not supported selects no
/// tokens, except that a complex subject then selects the tokens of its tenant.
/// </summary>
internal static class SubjectReader
{
    private const string AccountScheme = "acct:";

    /// <summary>Adds the tokens of a subject.</summary>
    /// <returns>Whether the subject is well-formed. It may still be of a format that is not supported.</returns>
    public static bool TryRead(JsonElement subject, RevokedTokens tokens)
    {
        if (subject.ValueKind != JsonValueKind.Object)
            return false;

        string? format = subject.ReadString("format");
        if (format == "complex" || (format is null && !subject.TryGetProperty("format", out _) && HasMember(subject)))
            return TryReadComplex(subject, tokens); // Drafts of SSF had complex subjects without a format.
        if (!TryReadIdentifier(subject, out List<string> values))
            return false;

        tokens.Subjects.UnionWith(values);
        if (format == "opaque") // CAEP 1.0, section 3.1: the id of a session, or that of a user
            tokens.Sessions.UnionWith(values);
        return true;
    }

    private static bool HasMember(JsonElement subject) =>
        subject.EnumerateObject().Any(static member => member is { Name: "user" or "session" or "tenant" or "device" });

    private static bool TryReadComplex(JsonElement subject, RevokedTokens tokens)
    {
        if (
            !TryReadMember(subject, "user", out List<string> users)
            || !TryReadMember(subject, "session", out List<string> sessions)
            || !TryReadMember(subject, "tenant", out List<string> tenants)
        )
        {
            return false;
        }

        // The members narrow each other. Not every token names its session, so the user's other tokens are removed too. They are
        // introspected again, as the rest of a tenant's are if no other member is supported.
        tokens.Subjects.UnionWith(users);
        tokens.Sessions.UnionWith(sessions);
        if (users.Count + sessions.Count == 0)
            tokens.Organizations.UnionWith(tenants);
        return true;
    }

    private static bool TryReadMember(JsonElement subject, string name, out List<string> values)
    {
        values = [];
        return !subject.TryGetProperty(name, out JsonElement identifier)
            || (identifier.ValueKind == JsonValueKind.Object && TryReadIdentifier(identifier, out values));
    }

    /// <returns>Whether the identifier is well-formed (RFC 9493, section 3.2). Without values it is not supported.</returns>
    private static bool TryReadIdentifier(JsonElement identifier, out List<string> values)
    {
        values = [];
        switch (identifier.ReadString("format"))
        {
            case null or "":
                return false;
            case "iss_sub":
                // The issuer is not compared: a user of another issuer with the same sub is merely introspected again.
                return identifier.ReadString("iss") is { Length: > 0 } && TryAdd(identifier, "sub", values);
            case "opaque":
                return TryAdd(identifier, "id", values);
            case "email":
                return TryAdd(identifier, "email", values);
            case "phone_number":
                return TryAdd(identifier, "phone_number", values);
            case "did":
                return TryAdd(identifier, "url", values);
            case "uri":
                return TryAdd(identifier, "uri", values);
            case "account":
                if (!TryAdd(identifier, "uri", values))
                    return false;
                if (values[0].Length > AccountScheme.Length && values[0].StartsWith(AccountScheme, StringComparison.OrdinalIgnoreCase))
                    values.Add(values[0][AccountScheme.Length..]);
                return true;
            case "aliases":
                return TryReadAliases(identifier, values);
            default:
                return true;
        }
    }

    /// <summary>Section 3.2.8: identifiers of the same subject, none of which is itself a list of aliases.</summary>
    private static bool TryReadAliases(JsonElement aliases, List<string> values)
    {
        if (!aliases.TryGetProperty("identifiers", out JsonElement identifiers) || identifiers.ValueKind != JsonValueKind.Array)
            return false;

        foreach (JsonElement identifier in identifiers.EnumerateArray())
        {
            if (
                identifier.ValueKind != JsonValueKind.Object
                || identifier.ReadString("format") == "aliases"
                || !TryReadIdentifier(identifier, out List<string> more)
            )
            {
                return false;
            }

            values.AddRange(more);
        }

        return identifiers.GetArrayLength() > 0;
    }

    private static bool TryAdd(JsonElement identifier, string member, List<string> values)
    {
        if (identifier.ReadString(member) is not { Length: > 0 } value)
            return false;

        values.Add(value);
        return true;
    }
}
