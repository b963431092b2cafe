namespace IntrospectionAuth.OpenApi.Tests;

/// <summary>Requirements of scopes as alternatives: a token meets the requirements if, and only if, it meets an alternative.</summary>
public sealed class ScopeAlternativesTests
{
    private static readonly string[] s_scopes = ["a", "b", "c", "d"];

    [Fact]
    public void The_alternatives_admit_exactly_the_tokens_that_meet_all_requirements()
    {
        // Every pair of requirements over four scopes, against every set of scopes that a token may have.
        ScopeRequirement[] all = [.. Subsets().Where(static it => it.Length > 0).SelectMany(static it => Both(it))];
        foreach (ScopeRequirement first in all)
        {
            foreach (ScopeRequirement second in all)
            {
                IReadOnlyList<IReadOnlyList<string>> alternatives = ScopeAlternatives.Of([first, second]);
                Assert.All(
                    Subsets(),
                    token =>
                        Assert.Equal(
                            IsMet(first, token) && IsMet(second, token),
                            alternatives.Any(alternative => alternative.All(token.Contains))
                        )
                );
                Assert.DoesNotContain(
                    alternatives,
                    it => alternatives.Any(other => !ReferenceEquals(it, other) && other.All(scope => it.Contains(scope)))
                );
            }
        }
    }

    [Fact]
    public void Without_requirements_any_token_suffices() => Assert.Empty(Assert.Single(ScopeAlternatives.Of([])));

    private static bool IsMet(ScopeRequirement requirement, string[] token) =>
        requirement.RequiresAll ? requirement.Scopes.All(token.Contains) : requirement.Scopes.Any(token.Contains);

    private static IEnumerable<ScopeRequirement> Both(string[] scopes) => [ScopeRequirement.All(scopes), ScopeRequirement.Any(scopes)];

    private static IEnumerable<string[]> Subsets() =>
        Enumerable.Range(0, 1 << s_scopes.Length).Select(static bits => s_scopes.Where((_, i) => (bits & (1 << i)) != 0).ToArray());
}
