using System.Globalization;
using IntrospectionAuth.Tenants;

namespace IntrospectionAuth.OpenApi;

/// <summary>Says in the description of an operation, which is CommonMark, what it demands.</summary>
internal static class DemandsText
{
    public static string? AppendTo(string? description, Demands demands)
    {
        string text = string.Join(' ', Sentences(demands));
        return text.Length == 0 ? description
            : string.IsNullOrWhiteSpace(description) ? text
            : $"{description}\n\n{text}";
    }

    /// <summary>Text as code. A fence that is longer than every row of backticks in it cannot be closed by it.</summary>
    public static string Code(string text)
    {
        if (!text.Contains('`', StringComparison.Ordinal))
            return $"`{text}`";

        string fence = new('`', text.Length + 1);
        return $"{fence} {text} {fence}";
    }

    private static IEnumerable<string> Sentences(Demands demands)
    {
        string[] scopes = [.. demands.Scopes.Where(static it => it.RequiresAll || it.Scopes.Count == 1).SelectMany(static it => it.Scopes)];
        if (scopes.Length > 0)
            yield return $"Requires the {(Plural("scope", scopes.Distinct(StringComparer.Ordinal)))} {List(scopes, "and")}.";
        foreach (ScopeRequirement any in demands.Scopes.Where(static it => !it.RequiresAll && it.Scopes.Count > 1))
            yield return $"Requires one of the scopes {List(any.Scopes, "or")}.";

        if (demands.Authentication?.AcrValues is { } acrValues)
            yield return $"Requires that the user authenticated with {List(acrValues.Split(' '), "or")} (`acr`).";
        if (demands.Authentication?.MaxAge is { } maxAge)
            yield return $"Requires that the user authenticated within the last {Duration(maxAge)} (`max_age`).";
        if (demands.Freshness is { } freshness)
        {
            yield return freshness < TimeSpan.FromSeconds(1)
                ? "The authorization server is asked about the token on every request."
                : $"The authorization server is asked about the token, unless it was asked within the last {Duration(freshness)}.";
        }

        foreach (TenantRequirement tenant in demands.Tenants)
        {
            string place = tenant.Header is { } header ? $"header {Code(header)}" : $"parameter {Code(tenant.RouteValue!)}";
            yield return $"Requires a token that was issued for the tenant in the {place} (the token's {Code(tenant.Claim)}).";
        }
    }

    private static string List(IEnumerable<string> values, string conjunction)
    {
        string[] all = [.. values.Distinct(StringComparer.Ordinal).Select(Code)];
        return all.Length == 1 ? all[0] : $"{string.Join(", ", all[..^1])} {conjunction} {all[^1]}";
    }

    private static string Plural(string word, IEnumerable<string> values) => values.Count() == 1 ? word : word + "s";

    /// <summary>Says a duration in the largest unit that is exact.</summary>
    private static string Duration(TimeSpan duration)
    {
        long seconds = (long)duration.TotalSeconds; // as in a challenge
        (long count, string unit) =
            seconds % 3600 == 0 ? (seconds / 3600, "hour")
            : seconds % 60 == 0 ? (seconds / 60, "minute")
            : (seconds, "second");
        return count == 1 ? unit : string.Create(CultureInfo.InvariantCulture, $"{count} {unit}s");
    }
}
