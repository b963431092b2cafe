using IntrospectionAuth.Webhooks;

namespace IntrospectionAuth.Tests.Webhooks;

/// <summary>The time of a signature decides how long a webhook can be replayed, so it has one form only.</summary>
public sealed class WorkOSSignatureTests
{
    private static readonly string s_hash = new('0', 64);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1767225600000", 1_767_225_600_000)]
    [InlineData("253402300799999", 253_402_300_799_999)] // the last millisecond of year 9999
    public void The_time_is_in_milliseconds(string time, long expected)
    {
        var signature = WorkOSSignature.Parse($"t={time}, v1={s_hash}");

        Assert.Equal(expected, signature?.SignedAt.ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData("0\0")] // which the framework reads as 0
    [InlineData("\u0661")] // a digit of another script
    [InlineData("0000000000000000")]
    [InlineData("253402300800000")]
    [InlineData("99999999999999999999")]
    public void Any_other_time_is_malformed(string time) => Assert.Null(WorkOSSignature.Parse($"v1={s_hash}, t={time}, v0=0"));
}
