using IntrospectionAuth.DPoP;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.DPoP;

/// <summary>What is remembered of proofs, for how long, and how much of it.</summary>
public sealed class UsedProofsTests
{
    private static readonly DateTimeOffset s_now = ManualTimeProvider.Start;

    [Fact]
    public void A_proof_is_used_once_for_each_id_key_and_scheme()
    {
        var used = new UsedProofs(100);

        Assert.Equal(ProofUse.First, used.Add("scheme", Proof("a"), s_now));
        Assert.Equal(ProofUse.Replayed, used.Add("scheme", Proof("a"), s_now));
        Assert.Equal(ProofUse.First, used.Add("scheme", Proof("b"), s_now));
        Assert.Equal(ProofUse.First, used.Add("other", Proof("a"), s_now));
        Assert.Equal(ProofUse.First, used.Add("scheme", Proof("a", key: "K"), s_now));
        Assert.Equal(ProofUse.Replayed, used.Add("scheme", Proof("b"), s_now));
    }

    [Fact]
    public void It_is_remembered_to_the_last_moment_at_which_it_would_be_accepted()
    {
        var used = new UsedProofs(100);
        used.Add("scheme", Proof("a"), s_now);

        Assert.Equal(ProofUse.Replayed, used.Add("scheme", Proof("a"), s_now.AddSeconds(59)));
        Assert.Equal(ProofUse.Replayed, used.Add("scheme", Proof("a"), s_now.AddSeconds(60)));
    }

    [Theory]
    [InlineData(30)]
    [InlineData(600)]
    public void A_lifetime_that_is_changed_makes_no_used_proof_new(int seconds)
    {
        var used = new UsedProofs(100);
        used.Add("scheme", Proof("a"), s_now);

        Assert.Equal(ProofUse.Replayed, used.Add("scheme", Proof("a", expiresAt: s_now.AddSeconds(seconds)), s_now.AddSeconds(1)));
    }

    [Fact]
    public void What_was_forgotten_is_not_taken_for_new_when_the_clock_is_set_back()
    {
        var used = new UsedProofs(100);
        used.Add("scheme", Proof("a"), s_now);
        used.Add("scheme", Proof("b", expiresAt: s_now.AddHours(1)), s_now.AddMinutes(59));

        Assert.Equal(ProofUse.Replayed, used.Add("scheme", Proof("a"), s_now));
        Assert.Equal(ProofUse.Replayed, used.Add("scheme", Proof("c"), s_now));
        Assert.Equal(ProofUse.Replayed, used.Add("scheme", Proof("b", expiresAt: s_now.AddHours(1)), s_now));
    }

    [Fact]
    public void A_full_memory_takes_no_more_forgets_nothing_and_has_room_again_when_time_has_passed()
    {
        var used = new UsedProofs(2);
        used.Add("scheme", Proof("a"), s_now);
        used.Add("scheme", Proof("b", expiresAt: s_now.AddSeconds(90)), s_now);

        Assert.Equal(ProofUse.StoreFull, used.Add("scheme", Proof("c"), s_now));
        Assert.Equal(ProofUse.Replayed, used.Add("scheme", Proof("a"), s_now));
        Assert.Equal(ProofUse.First, used.Add("scheme", Proof("c", expiresAt: s_now.AddSeconds(130)), s_now.AddSeconds(70)));
        Assert.Equal(ProofUse.StoreFull, used.Add("scheme", Proof("d", expiresAt: s_now.AddSeconds(130)), s_now.AddSeconds(70)));
        Assert.Equal(ProofUse.Replayed, used.Add("scheme", Proof("b", expiresAt: s_now.AddSeconds(90)), s_now.AddSeconds(70)));
    }

    [Fact]
    public void Of_all_who_try_at_once_one_is_the_first()
    {
        var used = new UsedProofs(10_000);
        int first = 0;

        Parallel.For(
            0,
            10_000,
            i =>
            {
                if (used.Add("scheme", Proof($"{i % 100}"), s_now) == ProofUse.First)
                    Interlocked.Increment(ref first);
            }
        );

        Assert.Equal(100, first);
    }

    private static VerifiedProof Proof(string id, string key = "k", DateTimeOffset? expiresAt = null) =>
        new()
        {
            KeyThumbprint = key,
            Id = id,
            ExpiresAt = expiresAt ?? s_now.AddSeconds(60),
        };
}
