namespace IntrospectionAuth.OpenApi;

/// <summary>Writes several requirements of scopes as alternatives, each of which suffices: OpenAPI has AND inside, OR between.</summary>
internal static class ScopeAlternatives
{
    /// <summary>The highest number of alternatives. Beyond it, a document names the scopes that every alternative has.</summary>
    public const int Maximum = 32;

    /// <returns>At least one set of scopes. An empty one means that any token suffices.</returns>
    public static IReadOnlyList<IReadOnlyList<string>> Of(IReadOnlyList<ScopeRequirement> requirements)
    {
        string[] always =
        [
            .. requirements
                .Where(static it => it.RequiresAll || it.Scopes.Count == 1)
                .SelectMany(static it => it.Scopes)
                .Distinct(StringComparer.Ordinal),
        ];
        List<string[]> alternatives = [always];
        foreach (ScopeRequirement any in requirements.Where(static it => !it.RequiresAll && it.Scopes.Count > 1))
        {
            alternatives = WithoutSupersets([.. alternatives.SelectMany(it => Extend(it, any.Scopes))]);
            if (alternatives.Count > Maximum)
                return [always];
        }

        return alternatives;
    }

    private static IEnumerable<string[]> Extend(string[] alternative, IReadOnlyList<string> scopes) =>
        scopes.Any(scope => alternative.Contains(scope, StringComparer.Ordinal))
            ? [alternative] // It meets the requirement already.
            : scopes.Select(scope => (string[])[.. alternative, scope]);

    private static List<string[]> WithoutSupersets(string[][] alternatives) =>
        [
            .. alternatives.Where(
                (it, index) =>
                    !alternatives
                        .Where((other, otherIndex) => index != otherIndex && (other.Length < it.Length || otherIndex < index))
                        .Any(other =>
                            other.Length <= it.Length && Array.TrueForAll(other, scope => it.Contains(scope, StringComparer.Ordinal))
                        )
            ),
        ];
}
