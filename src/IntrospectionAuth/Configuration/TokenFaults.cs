namespace IntrospectionAuth.Configuration;

/// <summary>Finds faults in the options for what tokens look like and where they are read from.</summary>
internal static class TokenFaults
{
    public static IEnumerable<string> Find(OAuthIntrospectionOptions options)
    {
        OAuthIntrospectionTokenFilter filter = options.TokenFilter;
        (int longest, string limit) =
            filter.MaximumLength is { } length && length <= options.MaximumTokenLength
                ? (length, "TokenFilter.MaximumLength")
                : (options.MaximumTokenLength, nameof(options.MaximumTokenLength));

        if (filter.MinimumLength > longest)
            yield return $"TokenFilter.MinimumLength is more than {limit}, so every token is rejected. Lower one, or raise the other.";
        if (filter.Prefixes.Any(prefix => prefix?.Length > longest))
        {
            yield return $"TokenFilter.Prefixes has a prefix that is longer than {limit}, so no token can start with it. "
                + $"Shorten it, or raise {limit}.";
        }

        if (
            filter.Prefixes.Any(prefix =>
                !string.IsNullOrWhiteSpace(prefix) && !OAuthIntrospectionTokenFilter.IsTokenPrefix(prefix, options.TokenCharacters)
            )
        )
        {
            yield return "TokenFilter.Prefixes has a prefix with characters that no bearer token has. "
                + "Write the start of the token itself, without Bearer, or add them to AdditionalTokenCharacters.";
        }

        if (filter is { IsEmpty: true, Mismatch: TokenFilterMismatch.Ignore })
        {
            yield return "TokenFilter.Mismatch is Ignore, but the filter matches every token. "
                + "Set TokenFilter.Prefixes, MinimumLength, MaximumLength or Pattern, or remove it.";
        }

        foreach (string fault in FindInRetrieval(options.TokenRetrieval))
            yield return fault;
    }

    /// <summary>Finds faults in where tokens are read from, which a scheme decides before there is a tenant.</summary>
    public static IEnumerable<string> FindInRetrieval(OAuthIntrospectionTokenRetrievalOptions places)
    {
        if (places.QueryPaths.Any(string.IsNullOrWhiteSpace))
            yield return "TokenRetrieval.QueryPaths has an empty value. Remove it, or write the value that is meant.";
        if (places.QueryPaths.Any(static path => !string.IsNullOrWhiteSpace(path) && !OAuthIntrospectionTokenRetrievalOptions.IsPath(path)))
        {
            yield return "TokenRetrieval.QueryPaths has a value that is not a path. Write it like /hubs: "
                + "with a leading slash and no trailing slash, without host, query, wildcards and escapes.";
        }
    }
}
