using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Tests.Responses;

/// <summary>How long a response may be cached, by the value of Cache-Control.</summary>
public sealed class CacheControlReaderTests
{
    [Theory]
    [InlineData("max-age=60", 60)]
    [InlineData("Max-Age = \"60\"", 60)]
    [InlineData("private, max-age=0000000000060", 60)]
    [InlineData("max-age=30, max-age=60", 30)]
    [InlineData("max-age=60, max-age=30", 30)]
    [InlineData("max-age=60, max-age=60", 60)]
    [InlineData("max-age=60, no-cache", 0)]
    [InlineData("max-age=60, no-cache=\"Set-Cookie\"", 0)]
    [InlineData("no-store", 0)]
    [InlineData("max-age=0", 0)]
    [InlineData("max-age=000", 0)]
    [InlineData("max-age", 0)] // a malformed value counts as stale
    [InlineData("max-age=", 0)]
    [InlineData("max-age=abc", 0)]
    [InlineData("max-age=-1", 0)]
    [InlineData("max-age=1.5", 0)]
    public void The_strictest_directive_is_the_limit(string value, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Read(value));

    [Fact]
    public void Thirty_years_are_read_and_longer_times_are_no_limit()
    {
        Assert.Equal(TimeSpan.FromSeconds(999_999_999), Read("max-age=999999999"));
        Assert.Null(Read("max-age=1000000000"));
        Assert.Null(Read("max-age=99999999999999999999"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("private, must-revalidate")]
    [InlineData("s-maxage=60")]
    [InlineData("max-ages=60")]
    [InlineData("=60")]
    [InlineData("=")]
    public void Any_other_directive_sets_no_limit(string? value) => Assert.Null(Read(value));

    private static TimeSpan? Read(string? value)
    {
        using var response = new HttpResponseMessage();
        if (value is not null)
            response.Headers.TryAddWithoutValidation("Cache-Control", value);
        return CacheControlReader.Read(response.Headers);
    }
}
