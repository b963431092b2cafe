using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Policies;

/// <summary>Logs policies that do not exist: once for each name, where the checks at startup cannot find them.</summary>
/// <remarks>Those are policies of hub methods, Razor pages, filters and <c>AuthorizeAsync</c>.</remarks>
internal sealed class UnknownPolicies(ILogger<UnknownPolicies> logger)
{
    private const int MaximumNames = 100; // an application may authorize by names that its callers choose

    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);

    public void Note(string policy)
    {
        if (_names.Count < MaximumNames && _names.TryAdd(policy, value: true))
            logger.PolicyNotFound(PolicyRemedy.Describe(policy), PolicyRemedy.For(policy, hasOwnPolicies: true));
    }
}
