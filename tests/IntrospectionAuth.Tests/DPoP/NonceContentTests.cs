using System.Buffers.Binary;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IntrospectionAuth.Tests.DPoP;

/// <summary>The content and the time limits of nonces.</summary>
public sealed class NonceContentTests
{
    private const string Purpose = "IntrospectionAuth.DPoP.Nonce";

    private static readonly DateTimeOffset s_now = ManualTimeProvider.Start;

    private readonly EphemeralDataProtectionProvider _keys = new();

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(300, 0, true)]
    [InlineData(300, 1, false)]
    [InlineData(-5, 0, true)] // created by a node whose clock is ahead
    [InlineData(-5, -1, false)]
    public void A_nonce_is_accepted_for_its_lifetime_and_the_clock_skew(int seconds, int ticks, bool isAccepted)
    {
        var nonces = new DPoPNonces(_keys);
        string? nonce = nonces.Create(s_now);

        Assert.Equal(isAccepted, nonces.Accepts(nonce, new OAuthIntrospectionDPoPOptions(), s_now.AddSeconds(seconds).AddTicks(ticks)));
    }

    [Theory]
    [InlineData(Purpose, 8, true)]
    [InlineData(Purpose, 9, false)]
    [InlineData(Purpose, 7, false)]
    [InlineData("IntrospectionAuth.DPoP.Nonces", 8, false)]
    [InlineData("a cookie", 8, false)]
    public void A_nonce_is_a_time_that_was_encrypted_for_this_purpose(string purpose, int length, bool isAccepted)
    {
        byte[] content = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(content, s_now.UtcTicks);
        string nonce = Base64UrlText.Encode(_keys.CreateProtector(purpose).Protect(content[..length]));

        Assert.Equal(isAccepted, new DPoPNonces(_keys).Accepts(nonce, new OAuthIntrospectionDPoPOptions(), s_now));
    }

    [Fact]
    public void A_response_that_has_started_gets_no_nonce()
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseFeature>(new StartedResponse());

        NonceHeader.Write(context.Response, "nonce");

        Assert.Empty(context.Response.Headers);
    }

    private sealed class StartedResponse : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }
}
