namespace IntrospectionAuth.StartupChecks;

/// <summary>Finds schemes that forward requests to each other without end.</summary>
/// <remarks>
/// The first request would end the process, and no scheme that is added later changes that, so it stops the start. What
/// <c>ForwardDefaultSelector</c> chooses is not known.
/// </remarks>
internal static class ForwardCircleCheck
{
    private const string Name = "ForwardCircle";

    public static IEnumerable<StartupFinding> Find(ApplicationFacts facts) =>
        Forwards
            .Operations.SelectMany(operation => FindCircles(facts, operation).Select(circle => (Circle: circle, Operation: operation)))
            .GroupBy(static it => it.Circle, static it => it.Operation, StringComparer.Ordinal)
            .Select(static it => new StartupFinding(
                Name,
                $"Schemes forward requests in a circle: {it.Key} (by {Join([.. it])}, or ForwardDefault). A request to one of them would "
                    + "end the process with a stack overflow. Change one of these settings, so that a scheme handles the requests itself."
            )
            {
                IsFatal = true,
            });

    /// <summary>Each circle is found from its first scheme in alphabetical order.</summary>
    private static IEnumerable<string> FindCircles(ApplicationFacts facts, string operation)
    {
        foreach (string scheme in facts.Schemes.Select(static scheme => scheme.Name))
        {
            string[]? way = FindWayBack(scheme, from => Forwards.Of(facts, from, operation));
            if (way is not null && way.Min(StringComparer.Ordinal) == scheme)
                yield return string.Join(", ", way);
        }
    }

    /// <returns>The shortest way from a scheme to itself, with both ends; null when there is none.</returns>
    private static string[]? FindWayBack(string scheme, Func<string, IEnumerable<string>> targets)
    {
        var ways = new Queue<string[]>([
            [scheme],
        ]);
        var visited = new HashSet<string>(StringComparer.Ordinal);
        while (ways.TryDequeue(out string[]? way))
        {
            foreach (string target in targets(way[^1]))
            {
                if (target == scheme)
                    return [.. way, target];
                if (visited.Add(target))
                    ways.Enqueue([.. way, target]);
            }
        }

        return null;
    }

    private static string Join(string[] operations) =>
        operations.Length == 1 ? operations[0] : $"{string.Join(", ", operations[..^1])} and {operations[^1]}";
}
