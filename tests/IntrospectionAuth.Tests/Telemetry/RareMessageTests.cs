using System.Net;
using IntrospectionAuth.Telemetry;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Telemetry;

public sealed class RareMessageTests
{
    private static readonly (HttpStatusCode?, string?) s_message = (HttpStatusCode.BadRequest, "invalid_request");

    [Fact]
    public void A_clock_that_is_set_back_suppresses_no_message()
    {
        var time = new ManualTimeProvider();
        var message = new RareMessage(time);
        Assert.True(message.IsDue(s_message));
        message.End();

        time.SetBack(TimeSpan.FromHours(1));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(message.IsDue(s_message));
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(message.IsDue(s_message));
    }
}
