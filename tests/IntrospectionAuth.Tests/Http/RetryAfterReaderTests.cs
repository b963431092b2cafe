using IntrospectionAuth.Http;
using IntrospectionAuth.Tests.Challenge;

namespace IntrospectionAuth.Tests.Http;

/// <summary>How long the authorization server asks to wait.</summary>
public sealed class RetryAfterReaderTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("30", 30)]
    [InlineData("1", 1)]
    [InlineData("0", 1)]
    [InlineData("00030", 30)]
    [InlineData("00000000030", 30)]
    [InlineData("300", 300)]
    [InlineData("301", 300)]
    [InlineData("86400", 300)]
    [InlineData("999999999", 300)]
    [InlineData("99999999999999999999999999", 300)]
    [InlineData("Thu, 01 Jan 2026 00:01:30 GMT", 90)]
    [InlineData("Thursday, 01-Jan-26 00:01:30 GMT", 90)]
    [InlineData("Thu Jan  1 00:01:30 2026", 90)]
    [InlineData("Thu, 01 Jan 2026 05:00:00 GMT", 300)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", 300)]
    [InlineData("Thu, 01 Jan 2026 00:00:00 GMT", 1)]
    [InlineData("Wed, 31 Dec 2025 23:00:00 GMT", 1)]
    [InlineData("", null)]
    [InlineData("-30", null)]
    [InlineData("1.5", null)]
    [InlineData("30s", null)]
    [InlineData("soon", null)]
    [InlineData("2026-01-01T00:01:30Z", null)]
    [InlineData("30, 60", null)]
    public void The_header_is_seconds_or_a_date_within_limits(string header, int? seconds)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", header);

        TimeSpan? retryAfter = RetryAfterReader.Read(response.Headers, s_now);

        Assert.Equal<double?>(seconds, retryAfter?.TotalSeconds);
    }

    [Fact]
    public void Without_the_header_there_is_no_value()
    {
        using var response = new HttpResponseMessage();

        TimeSpan? retryAfter = RetryAfterReader.Read(response.Headers, s_now);

        Assert.Null(retryAfter);
    }

    [Theory]
    [InlineData("30", "60")]
    [InlineData("Thu, 01 Jan 2026 00:01:30 GMT", "Thu, 01 Jan 2026 00:02:30 GMT")]
    public void Two_headers_have_no_value(string first, string second)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", [first, second]);

        TimeSpan? retryAfter = RetryAfterReader.Read(response.Headers, s_now);

        Assert.Null(retryAfter);
    }
}
