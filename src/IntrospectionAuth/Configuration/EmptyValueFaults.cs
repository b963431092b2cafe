namespace IntrospectionAuth.Configuration;

/// <summary>Finds empty values in lists and maps, which are left over or mean something else than was written.</summary>
internal static class EmptyValueFaults
{
    public static IEnumerable<string> Find(OAuthIntrospectionOptions options)
    {
        (string Name, IEnumerable<string> Values)[] lists =
        [
            (nameof(options.Audiences), options.Audiences),
            (nameof(options.ValidIssuers), options.ValidIssuers),
            (nameof(options.AcceptedTokenUses), options.AcceptedTokenUses),
            ("TokenFilter.Prefixes", options.TokenFilter.Prefixes),
            (nameof(options.RequiredClaims), options.RequiredClaims),
            (nameof(options.ClaimMappings), options.ClaimMappings.Keys),
        ];
        foreach ((string list, _) in lists.Where(static list => list.Values.Any(string.IsNullOrWhiteSpace)))
            yield return $"{list} has an empty value. Remove it, or write the value that is meant.";

        foreach ((string path, _) in options.ClaimMappings.Where(static mapping => string.IsNullOrWhiteSpace(mapping.Value)))
            yield return $"ClaimMappings has an empty value: {path}. Remove it, or write the claim type that is meant.";
    }
}
