using System.Text.Json;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Serving;

/// <summary>A member of the introspection response of a token: a text (<c>name=value</c>) or any JSON (<c>name:=value</c>).</summary>
internal sealed record ClaimValue(string Name, string Value, bool IsJson)
{
    /// <exception cref="UsageException">It has no name, or is not JSON where it says so.</exception>
    public static ClaimValue Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1 || text.StartsWith(":=", StringComparison.Ordinal))
            throw new UsageException("--claim needs a name and a value: --claim org_id=org_1, or with JSON: --claim level:=5");

        bool isJson = text[equals - 1] == ':';
        string name = isJson ? text[..(equals - 1)] : text[..equals];
        string value = text[(equals + 1)..];
        if (isJson && !IsValid(value))
            throw new UsageException($"The value of the claim {name} is not JSON. Write a text with = in place of :=.");
        return new ClaimValue(name, value, isJson);
    }

    public static ClaimValue Split(string text, bool isJson)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return new ClaimValue(text[..equals], text[(equals + 1)..], isJson);
    }

    private static bool IsValid(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
