using System.Reflection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Tests.Conventions;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Outcomes;

/// <summary>The table of <see cref="ReasonTraits"/> is complete, and <c>docs/resilience.md</c> shows the same.</summary>
public sealed class ReasonTraitsTests
{
    private static readonly UnavailableReason[] s_reasons = Enum.GetValues<UnavailableReason>();

    // The page's rows, without the header: | Failure | `error.type` | Called | Responded | Breaker | Retry | Stale | Metadata | Log |
    private static readonly string[][] s_page =
    [
        .. Repository
            .Read("docs/resilience.md")
            .Split('\n')
            .SkipWhile(line => !line.StartsWith("| Failure |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim(' ', '|').Split('|', StringSplitOptions.TrimEntries)),
    ];

    [Fact]
    public void The_table_has_one_row_for_each_reason_in_order() =>
        Assert.Equal(s_reasons, s_reasons.Select(reason => ReasonTraits.Of(reason).Reason));

    [Fact]
    public void The_page_about_resilience_has_the_same_table()
    {
        IEnumerable<string> expected = s_reasons.Select(reason => string.Join(" | ", Cells(ReasonTraits.Of(reason))));

        Assert.Equal(expected, s_page.Select(row => string.Join(" | ", row[1..^1])));
    }

    [Fact]
    public void Each_log_event_in_the_table_exists()
    {
        HashSet<string> events =
        [
            .. typeof(Log)
                .GetMethods()
                .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)
                .Select(method => $"`{method.Name}`"),
        ];

        Assert.NotEmpty(events);
        Assert.All(s_page, row => Assert.True(row[^1] == "none" || events.Contains(row[^1]), row[^1]));
    }

    private static string[] Cells(ReasonTraits traits) =>
        [
            traits.ErrorType is { } type ? $"`{type}`" : "the status",
            traits.IsCalled ? "yes" : "no",
            traits.HasResponse ? "yes" : "no",
            Words(traits.CountsAgainstServer),
            Words(traits.MayBeRetried),
            Words(traits.AllowsStale),
            Words(traits.QuestionsMetadata),
        ];

    private static string Words(Condition condition) =>
        condition switch
        {
            Condition.No => "no",
            Condition.Yes => "yes",
            Condition.IfConnectionFailed => "if the connection failed",
            Condition.IfGatewayError => "502, 503, 504",
            Condition.IfServerError => "500 and above",
            Condition.IfMoved => "3xx, 404, 405, 410",
            Condition.UnlessRejected => "unless 400, 401, 403",
            Condition.UnlessStatus => "if 200 or no response",
            _ => throw new ArgumentOutOfRangeException(nameof(condition)),
        };
}
