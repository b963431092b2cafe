using IntrospectionAuth.Fuzzing.Targets;

namespace IntrospectionAuth.Fuzzing.Engine;

/// <summary>Keeps the shortest inputs that together take every branch, and everything that has a name.</summary>
internal static class Minimizer
{
    public static int Minimize(FuzzTarget target, Corpus from, Corpus to)
    {
        var coverage = new CoverageMap();
        foreach ((string path, byte[] input) in from.Read().OrderBy(static it => Corpus.IsNamed(it.Path) ? 0 : 1))
        {
            CoverageMap.Clear();
            bool isFault = FuzzRun.FindFault(target, input) is not null;
            bool isNew = coverage.AddAll(countsMatter: false);
            if (isNew && !isFault && !Corpus.IsNamed(path))
                to.Add(input);
        }

        return coverage.Branches;
    }
}
