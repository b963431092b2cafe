using IntrospectionAuth.DPoP;
using IntrospectionAuth.Replay;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.DPoP;

/// <summary>The store of used proofs: its contents, their lifetime and the capacity.</summary>
public sealed class UsedProofsTests
{
    private static readonly DateTimeOffset s_now = ManualTimeProvider.Start;

    [Fact]
    public void A_proof_can_be_used_once_for_each_jti_key_and_scheme()
    {
        var used = new UsedProofs(100);

        Assert.Equal(IdUse.First, used.Add("scheme", Proof("a"), s_now));
        Assert.Equal(IdUse.Replayed, used.Add("scheme", Proof("a"), s_now));
        Assert.Equal(IdUse.First, used.Add("scheme", Proof("b"), s_now));
        Assert.Equal(IdUse.First, used.Add("other", Proof("a"), s_now));
        Assert.Equal(IdUse.First, used.Add("scheme", Proof("a", key: "K"), s_now));
        Assert.Equal(IdUse.Replayed, used.Add("scheme", Proof("b"), s_now));
    }

    [Fact]
    public void A_used_proof_is_stored_until_it_expires()
    {
        var used = new UsedProofs(100);
        used.Add("scheme", Proof("a"), s_now);

        Assert.Equal(IdUse.Replayed, used.Add("scheme", Proof("a"), s_now.AddSeconds(59)));
        Assert.Equal(IdUse.Replayed, used.Add("scheme", Proof("a"), s_now.AddSeconds(60)));
    }

    [Theory]
    [InlineData(30)]
    [InlineData(600)]
    public void A_changed_lifetime_does_not_make_a_used_proof_usable_again(int seconds)
    {
        var used = new UsedProofs(100);
        used.Add("scheme", Proof("a"), s_now);

        Assert.Equal(IdUse.Replayed, used.Add("scheme", Proof("a", expiresAt: s_now.AddSeconds(seconds)), s_now.AddSeconds(1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(65)]
    public void A_used_proof_that_has_expired_is_not_usable_again_when_its_lifetime_is_raised(int raisedAfter)
    {
        var used = new UsedProofs(100);
        TimeSpan lifetime = TimeSpan.FromMinutes(10);
        VerifiedProof ProofAt(string id, int issued) =>
            Proof(id, expiresAt: s_now.AddSeconds(issued) + lifetime, issuedAt: s_now.AddSeconds(issued));
        used.Add("scheme", Proof("a"), s_now);
        used.Add("scheme", ProofAt("b", raisedAfter), s_now.AddSeconds(raisedAfter));
        used.Add("scheme", ProofAt("c", 79), s_now.AddSeconds(79)); // the first one is removed

        Assert.Equal(IdUse.Replayed, used.Add("scheme", ProofAt("a", 0), s_now.AddSeconds(80)));
        Assert.Equal(IdUse.First, used.Add("scheme", ProofAt("d", 1), s_now.AddSeconds(80)));
    }

    [Fact]
    public void An_expired_proof_does_not_become_usable_when_the_clock_is_set_back()
    {
        var used = new UsedProofs(100);
        used.Add("scheme", Proof("a"), s_now);
        used.Add("scheme", Proof("b", expiresAt: s_now.AddHours(1)), s_now.AddMinutes(59));

        Assert.Equal(IdUse.Replayed, used.Add("scheme", Proof("a"), s_now));
        Assert.Equal(IdUse.Replayed, used.Add("scheme", Proof("c"), s_now));
        Assert.Equal(IdUse.Replayed, used.Add("scheme", Proof("b", expiresAt: s_now.AddHours(1)), s_now));
    }

    [Fact]
    public void A_full_store_accepts_no_proof_until_others_expire()
    {
        var used = new UsedProofs(2);
        used.Add("scheme", Proof("a"), s_now);
        used.Add("scheme", Proof("b", expiresAt: s_now.AddSeconds(90)), s_now);

        Assert.Equal(IdUse.StoreFull, used.Add("scheme", Proof("c"), s_now));
        Assert.Equal(IdUse.Replayed, used.Add("scheme", Proof("a"), s_now));
        Assert.Equal(IdUse.First, used.Add("scheme", Proof("c", expiresAt: s_now.AddSeconds(130)), s_now.AddSeconds(70)));
        Assert.Equal(IdUse.StoreFull, used.Add("scheme", Proof("d", expiresAt: s_now.AddSeconds(130)), s_now.AddSeconds(70)));
        Assert.Equal(IdUse.Replayed, used.Add("scheme", Proof("b", expiresAt: s_now.AddSeconds(90)), s_now.AddSeconds(70)));
    }

    [Fact]
    public void Proofs_that_have_expired_make_place_once()
    {
        var used = new UsedProofs(1);
        used.Add("scheme", Proof("a"), s_now);

        Assert.Equal(IdUse.First, used.Add("scheme", Proof("b", expiresAt: s_now.AddSeconds(300)), s_now.AddSeconds(70)));
        for (int later = 80; later < 300; later += 10)
        {
            Assert.Equal(IdUse.StoreFull, used.Add("scheme", Proof($"{later}", expiresAt: s_now.AddSeconds(600)), s_now.AddSeconds(later)));
        }
    }

    [Fact]
    public void A_proof_can_be_used_until_it_expires()
    {
        var used = new UsedProofs(100);

        Assert.Equal(IdUse.First, used.Add("scheme", Proof("a", expiresAt: s_now.AddSeconds(1)), s_now));
        Assert.Equal(IdUse.First, used.Add("scheme", Proof("b", expiresAt: s_now), s_now));
        Assert.Equal(IdUse.Replayed, used.Add("scheme", Proof("a", expiresAt: s_now.AddSeconds(1)), s_now));
    }

    [Fact]
    public void The_store_is_empty_only_after_all_proofs_have_expired()
    {
        var used = new UsedProofs(100);
        Assert.True(used.IsEmpty(s_now));
        used.Add("scheme", Proof("a"), s_now);
        used.Add("other", Proof("b", expiresAt: s_now.AddSeconds(120)), s_now);

        Assert.False(used.IsEmpty(s_now));
        Assert.False(used.IsEmpty(s_now.AddSeconds(70)));
        Assert.True(used.IsEmpty(s_now.AddSeconds(130)));
    }

    [Fact]
    public void Exactly_one_of_many_concurrent_uses_is_the_first()
    {
        var used = new UsedProofs(10_000);
        int first = 0;

        Parallel.For(
            0,
            10_000,
            i =>
            {
                if (used.Add("scheme", Proof($"{i % 100}"), s_now) == IdUse.First)
                    Interlocked.Increment(ref first);
            }
        );

        Assert.Equal(100, first);
    }

    private static VerifiedProof Proof(string id, string key = "k", DateTimeOffset? expiresAt = null, DateTimeOffset? issuedAt = null) =>
        new()
        {
            KeyThumbprint = key,
            Id = id,
            IssuedAt = issuedAt ?? (expiresAt ?? s_now.AddSeconds(60)).AddSeconds(-60),
            ExpiresAt = expiresAt ?? s_now.AddSeconds(60),
        };
}
