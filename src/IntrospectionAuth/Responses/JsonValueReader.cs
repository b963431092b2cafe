using System.Security.Claims;
using System.Text.Json;

namespace IntrospectionAuth.Responses;

/// <summary>Turns the JSON value at a reader's position into the values of a claim.</summary>
internal static class JsonValueReader
{
    /// <summary>
    /// Adds the value: nothing for null, one for each element of an array, one for anything else. A scope is split at spaces.
    /// </summary>
    public static void Read(ref Utf8JsonReader json, ReadOnlySpan<byte> source, string name, StringPool strings, List<MemberValue> values)
    {
        HashSet<string>? scopes = name == MemberNames.Scope ? new(StringComparer.Ordinal) : null;
        if (json.TokenType != JsonTokenType.StartArray)
        {
            ReadOne(ref json, source, name, strings, scopes, values);
            return;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            ReadOne(ref json, source, name, strings, scopes, values);
    }

    /// <summary>Reads the string or member name at the reader's position. A short one comes from the pool.</summary>
    /// <exception cref="InvalidOperationException">It is not Unicode.</exception>
    public static string ReadString(ref Utf8JsonReader json, StringPool strings)
    {
        if (json.ValueSpan.Length > StringPool.MaximumLength)
            return json.GetString()!;

        Span<char> text = stackalloc char[StringPool.MaximumLength]; // A text never has more characters than its UTF-8 has bytes.
        return strings.Get(text[..json.CopyString(text)]);
    }

    private static void ReadOne(
        ref Utf8JsonReader json,
        ReadOnlySpan<byte> source,
        string name,
        StringPool strings,
        HashSet<string>? scopes,
        List<MemberValue> values
    )
    {
        bool isScope = scopes is not null;
        switch (json.TokenType)
        {
            case JsonTokenType.String when isScope:
                AddScopes(ReadString(ref json, strings), strings, scopes!, values);
                break;
            case JsonTokenType.String:
                values.Add(new(name, ReadString(ref json, strings), ClaimValueTypes.String));
                break;
            case JsonTokenType.Number when !isScope:
                values.Add(
                    new(name, strings.Get(json.ValueSpan), json.TryGetInt64(out _) ? ClaimValueTypes.Integer64 : ClaimValueTypes.Double)
                );
                break;
            case JsonTokenType.True or JsonTokenType.False when !isScope:
                values.Add(new(name, json.TokenType == JsonTokenType.True ? "true" : "false", ClaimValueTypes.Boolean));
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                string valueType = json.TokenType == JsonTokenType.StartObject ? JsonValueTypes.Object : JsonValueTypes.Array;
                int start = (int)json.TokenStartIndex;
                SkipChecked(ref json);
                if (!isScope)
                    values.Add(new(name, strings.Get(source[start..(int)json.BytesConsumed]), valueType));
                break;
        }
    }

    /// <summary>
    /// Skips an object or array, but reads its strings: one that is not Unicode throws now, not later when a path selects it.
    /// </summary>
    private static void SkipChecked(ref Utf8JsonReader json)
    {
        int depth = json.CurrentDepth;
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (json.ValueIsEscaped)
                _ = json.GetString();
        }
    }

    /// <summary>One value for each distinct scope (RFC 6749, section 3.3).</summary>
    public static void AddScopes(string text, StringPool strings, HashSet<string> scopes, List<MemberValue> values)
    {
        foreach (Range range in text.AsSpan().Split(' '))
        {
            ReadOnlySpan<char> part = text.AsSpan(range);
            if (part.IsEmpty)
                continue;

            string scope = part.Length == text.Length ? text : strings.Get(part);
            if (scopes.Add(scope))
                values.Add(new(MemberNames.Scope, scope, ClaimValueTypes.String));
        }
    }
}
