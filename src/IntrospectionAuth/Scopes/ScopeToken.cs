namespace IntrospectionAuth.Scopes;

/// <summary>One scope as RFC 6749, section 3.3 spells it: visible ASCII characters except quotation marks and backslashes.</summary>
internal static class ScopeToken
{
    public static bool IsValid(string value) =>
        value.Length > 0 && value.All(static c => c is '!' or (>= '#' and <= '[') or (>= ']' and <= '~'));
}
