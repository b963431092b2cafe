using System.Globalization;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Tests.Caching;

/// <summary>When a response is too old for an endpoint, or for a request that joined its call.</summary>
public sealed class ResponseAgeTests
{
    private static readonly DateTimeOffset s_obtained = DateTimeOffset.UnixEpoch;
    private static readonly IntrospectionResult s_result = IntrospectionResult.Active(
        IntrospectionResponseReader.Read("""{"active":true}"""u8, s_obtained).Response!,
        s_obtained,
        serverMaximumAge: null
    );

    [Theory]
    [InlineData("0:00:59.9999999", "0:01:00", false)]
    [InlineData("0:01:00", "0:01:00", true)]
    [InlineData("0:00:00", "0:00:00", true)]
    [InlineData("1:00:00", null, false)]
    public void A_response_is_too_old_for_an_endpoint_from_the_age_that_it_names(string age, string? required, bool expected) =>
        Assert.Equal(expected, Freshness.IsTooOld(s_obtained, Time(required), s_obtained + Time(age)!.Value));

    [Theory]
    [InlineData("-0:00:00.0000001", null, null, "0:05:00", true)] // the clock was set back
    [InlineData("0:00:00", null, null, "0:05:00", false)]
    [InlineData("0:00:59.9999999", "0:01:00", null, "0:05:00", false)]
    [InlineData("0:01:00", "0:01:00", null, "0:05:00", true)]
    [InlineData("0:00:59.9999999", null, "0:01:00", "0:05:00", false)]
    [InlineData("0:01:00", null, "0:01:00", "0:05:00", true)]
    [InlineData("0:00:00", null, "0:00:00", "0:05:00", true)]
    [InlineData("0:00:00.4999999", null, "0:00:00.5", "0:05:00", false)]
    [InlineData("0:00:00.5", null, "0:00:00.5", "0:05:00", true)]
    [InlineData("0:00:00.9999999", null, null, "0:00:00", false)] // the same moment
    [InlineData("0:00:01", null, null, "0:00:00", true)]
    [InlineData("0:04:59.9999999", null, null, "0:05:00", false)]
    [InlineData("0:05:00", null, null, "0:05:00", true)]
    public void A_result_is_shared_with_requests_that_join_its_call_until_an_entry_would_be_too_old(
        string age,
        string? required,
        string? maximumAge,
        string defaultAge,
        bool expected
    )
    {
        var options = new OAuthIntrospectionCacheOptions { MaximumAge = Time(maximumAge), DefaultAge = Time(defaultAge)!.Value };

        bool isTooOld = Freshness.IsTooOldToShare(default, s_result, Time(required), options, s_obtained + Time(age)!.Value);

        Assert.Equal(expected, isTooOld);
    }

    private static TimeSpan? Time(string? text) => text is null ? null : TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
