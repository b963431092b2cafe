using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>The table of the performance budget and the measured figures.</summary>
internal sealed class BudgetTable(FigureSet figures)
{
    public const double WarmHitTime = 800,
        WarmHitMemory = 512,
        TokenMemory = 2 * 1_024,
        HttpShare = 0.93,
        HttpCost = 1.05;

    private const double LongTokenTime = 500,
        RandomRatio = 1.5,
        Miss = 15_000,
        FurtherFailure = 5,
        InvalidTokenHeap = 8 * 1_024 * 1_024;

    private readonly MarkdownTable _table = new("Measure", "Budget", "This library", "Reference", "Within");

    public string Write()
    {
        Figure shortToken = Above(Contender.Ours, "TokenLength", "40"),
            shortReference = Above(Contender.Reference, "TokenLength", "40");
        Figure longToken = Above(Contender.Ours, "TokenLength", "800").Above(shortToken);
        Figure oneToken = Above(Contender.Ours, "CachedTokens", "1"),
            oneReference = Above(Contender.Reference, "CachedTokens", "1");
        Figure random = Above(Contender.Ours, "CachedTokens", "100000").DividedBy(oneToken);

        Add("Warm hit above the floor, token of 40 characters: time", Units.Time, WarmHitTime, shortToken, shortReference);
        Add(
            "— memory",
            Units.Bytes,
            WarmHitMemory,
            Above(Contender.Ours, "TokenLength", "40", "memory"),
            Above(Contender.Reference, "TokenLength", "40", "memory")
        );
        Add(
            "The same, 800 characters: additional time",
            Units.Time,
            LongTokenTime,
            longToken,
            Above(Contender.Reference, "TokenLength", "800").Above(shortReference)
        );
        Add("The same, with every claim read: time", Units.Time, null, Claims(Contender.Ours, "time"), Claims(Contender.Reference, "time"));
        Add("— memory", Units.Bytes, null, Claims(Contender.Ours, "memory"), Claims(Contender.Reference, "memory"));
        Add(
            "Whole request without network, above the floor: time",
            Units.Time,
            null,
            Request(Contender.Ours),
            Request(Contender.Reference)
        );
        Add("— with the diagnostics page mapped: time", Units.Time, null, Request(Contender.Diagnosed), reference: null);
        Add("— additional memory", Units.Bytes, null, RequestMemory(Contender.Diagnosed), reference: null);
        Add("— of a tenant: time", Units.Time, null, Request(Contender.Tenants), reference: null);
        Add("— additional memory", Units.Bytes, null, RequestMemory(Contender.Tenants), reference: null);
        Add(
            "Random one of 100,000 tokens, relative to a single token",
            Units.Ratio,
            RandomRatio,
            random,
            Above(Contender.Reference, "CachedTokens", "100000").DividedBy(oneReference)
        );
        Add("— both including the floor", Units.Ratio, null, Growth(Contender.Ours), Growth(Contender.Reference));
        AddHttp();
        Add(
            "An unknown token, without the network: processor time; reference: a bare `HttpClient` call",
            Units.Time,
            Miss,
            figures["insertion/below-bound/1000"],
            figures["insertion/bare"]
        );
        Add(
            "Memory per cache entry of 15 members",
            Units.Bytes,
            TokenMemory,
            figures["memory-per-token/ours/15"],
            figures["memory-per-token/reference"]
        );
        Add("Calls for 200 simultaneous misses of one token", Units.Count, 1, figures["simultaneous-misses/200"], reference: null);
        Add("Calls for 10,000", Units.Count, 1, figures["simultaneous-misses/10000"], reference: null);
        Add(
            "Server hangs: first failed response, in units of `Timeout`",
            Units.Ratio,
            1.1,
            figures["dead-server/first"].DividedBy(figures["dead-server/timeout"]),
            reference: null
        );
        Add(
            "— slowest further response",
            Units.Milliseconds,
            FurtherFailure,
            figures["dead-server/further"] with
            {
                Rounds = [figures["dead-server/further"].Highest],
            },
            reference: null
        );
        Add("10,000 tenants that are kept: heap of one, with a cache entry", Units.Bytes, null, figures["tenants/heap"], reference: null);
        Add("— resolving one and its first call, without the network", Units.Time, null, figures["tenants/resolved"], reference: null);
        Add(
            "— a request of one of 10 active ones, relative to 10 alone",
            Units.Ratio,
            null,
            figures["tenants/hit-among-10000"].DividedBy(figures["tenants/hit-of-10"]),
            reference: null
        );
        Add(
            "— the same while 1,000 requests of another tenant wait for its server",
            Units.Ratio,
            null,
            figures["tenants/hit-beside-hanging"].DividedBy(figures["tenants/hit-of-10"]),
            reference: null
        );
        Add("100,000 invalid tokens: heap retained", Units.Bytes, InvalidTokenHeap, figures["invalid-tokens/heap-kept"], reference: null);
        return _table.ToString();
    }

    /// <summary>The cost of a contender above the floor measured in the same round.</summary>
    private Figure Above(string contender, string benchmark, string parameter, string measure = "time") =>
        figures[$"{benchmark}/{contender}/{parameter}/{measure}"].Above(figures[$"{benchmark}/{Contender.Floor}/{parameter}/{measure}"]);

    private Figure Growth(string contender) =>
        figures[$"CachedTokens/{contender}/100000/time"].Undisturbed().DividedBy(figures[$"CachedTokens/{contender}/1/time"].Undisturbed());

    private Figure Claims(string contender, string measure) =>
        figures[$"ReadClaims/{contender}/{measure}"].Above(figures[$"ReadClaims/{Contender.Floor}/{measure}"]);

    private Figure RequestMemory(string contender) =>
        figures[$"Pipeline/{contender}/memory"].Above(figures[$"Pipeline/{Contender.Ours}/memory"]);

    private Figure Request(string contender) => figures[$"Pipeline/{contender}/time"].Above(figures[$"Pipeline/{Contender.Floor}/time"]);

    private void AddHttp()
    {
        if (figures.Find($"http/{Contender.Floor}/requests") is not { } floor)
            return;

        Figure ours = figures[$"http/{Contender.Ours}/requests"].DividedBy(floor),
            reference = figures[$"http/{Contender.Reference}/requests"].DividedBy(floor);
        _table.Add(
            "Requests per second over HTTP, share of the floor",
            "≥ " + Units.Ratio(HttpShare),
            Units.Ratio(ours.Median),
            Units.Ratio(reference.Median),
            Verdict(ours.Median >= HttpShare)
        );
        Add(
            "Processor time of the server over HTTP, relative to the floor",
            Units.Ratio,
            HttpCost,
            HttpTable.RelativeCost(figures, Contender.Ours),
            HttpTable.RelativeCost(figures, Contender.Reference)
        );
    }

    private void Add(string measure, Func<double, string> format, double? limit, Figure ours, Figure? reference) =>
        _table.Add(
            measure,
            limit is { } most ? (most == 1 ? "" : "≤ ") + format(most) : "",
            format(ours.Median),
            reference is null ? "" : format(reference.Median),
            limit is null ? "" : Verdict(ours.Median <= limit)
        );

    private static string Verdict(bool isWithin) => isWithin ? "yes" : "**no**";
}
