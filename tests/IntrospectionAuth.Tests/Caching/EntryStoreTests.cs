using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Tests.Claims;

namespace IntrospectionAuth.Tests.Caching;

public sealed class EntryStoreTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UnixEpoch.AddYears(50);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void After_random_changes_it_holds_what_a_dictionary_would(int seed)
    {
        var random = new Random(seed);
        var store = new EntryStore(limit: 10_000);
        var model = new Dictionary<int, CacheEntry>();
        for (int step = 0; step < 30_000; step++)
        {
            int number = random.Next(2_000);
            switch (random.Next(4))
            {
                case 0:
                    Assert.Equal(model.Remove(number), store.Remove(Key(number)));
                    break;
                case 1 when model.Count > 0:
                    CacheEntry absent = model.GetValueOrDefault(number) ?? Entry(number);
                    Assert.Equal(model.Remove(number), store.Remove(absent));
                    break;
                default:
                    store.Set(model[number] = Entry(number), s_now);
                    break;
            }

            int asked = random.Next(2_000);
            Assert.Equal(model.ContainsKey(asked), store.TryGet(Key(asked), out CacheEntry? found));
            Assert.Same(model.GetValueOrDefault(asked), found);
        }

        Assert.Equal(model.Count, store.Count);
        Assert.Equal(model.Values.ToHashSet(), store.Entries.ToHashSet());
    }

    [Fact]
    public void Removing_a_replaced_entry_does_not_remove_its_replacement()
    {
        var store = new EntryStore(limit: 10);
        CacheEntry first = Entry(1),
            second = Entry(1);
        store.Set(first, s_now);
        store.Set(second, s_now);

        Assert.False(store.Remove(first));
        Assert.True(store.TryGet(Key(1), out CacheEntry? kept));
        Assert.Same(second, kept);
        Assert.Equal(1, store.Count);
    }

    [Trait("Load", "Heavy")]
    [Fact]
    public async Task A_look_up_while_the_store_grows_finds_every_entry()
    {
        for (int round = 0; round < 20; round++)
        {
            var store = new EntryStore(limit: 100_000);
            CacheKey[] known = [.. Enumerable.Range(0, 12).Select(Key)];
            for (int number = 0; number < known.Length; number++)
                store.Set(Entry(number), s_now);

            int ended = 0,
                missed = 0;
            Task reading = Task.Run(() =>
            {
                while (Volatile.Read(ref ended) == 0)
                {
                    foreach (CacheKey key in known)
                    {
                        if (!store.TryGet(key, out CacheEntry? found) || !found.Key.Equals(key))
                            missed++;
                    }
                }
            });
            for (int number = known.Length; number < 20_000; number++)
                store.Set(Entry(number), s_now);
            Volatile.Write(ref ended, 1);
            await reading;

            Assert.Equal(0, missed);
            Assert.Equal(20_000, store.Count);
        }
    }

    [Fact]
    public async Task A_look_up_while_entries_are_added_and_removed_finds_only_its_own_key()
    {
        var store = new EntryStore(limit: 500);
        for (int number = 0; number < 50; number++)
            store.Set(Entry(number), s_now);

        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(seed =>
                    Task.Run(() =>
                    {
                        var random = new Random(seed);
                        for (int step = 0; step < 50_000; step++)
                        {
                            CacheKey stays = Key(random.Next(50)),
                                comes = Key(random.Next(50, 450));
                            Assert.True(store.TryGet(stays, out CacheEntry? found));
                            Assert.True(found.Key.Equals(stays));
                            if (step % 2 == 0)
                                store.Set(new CacheEntry(comes, s_inactive) { End = DateTimeOffset.MaxValue }, s_now);
                            else
                                store.Remove(comes);
                            Assert.True(!store.TryGet(comes, out found) || found.Key.Equals(comes));
                        }
                    })
                )
        );

        Assert.Equal(store.Count, store.Entries.Count());
        Assert.InRange(store.Count, 50, 450);
    }

    [Trait("Load", "Heavy")]
    [Fact]
    public async Task A_look_up_while_an_entry_is_replaced_finds_the_old_or_the_new_one()
    {
        // Keys that begin alike share a bucket. The entry that is replaced is behind the others.
        var store = new EntryStore(limit: 100);
        CacheKey replaced = Key(0);
        store.Set(new CacheEntry(replaced, s_inactive) { End = DateTimeOffset.MaxValue, CallNumber = 0 }, s_now);
        for (byte number = 1; number <= 8; number++)
        {
            CacheKey other = replaced;
            other[^1] = number;
            store.Set(new CacheEntry(other, s_inactive) { End = DateTimeOffset.MaxValue }, s_now);
        }

        int ended = 0,
            missed = 0,
            wentBack = 0;
        Task reading = Task.Run(() =>
        {
            long newest = 0;
            while (Volatile.Read(ref ended) == 0)
            {
                if (!store.TryGet(replaced, out CacheEntry? found))
                    missed++;
                else if (found.CallNumber < newest)
                    wentBack++;
                else
                    newest = found.CallNumber;
            }
        });
        for (int order = 1; order <= 300_000; order++)
        {
            store.Set(new CacheEntry(replaced, s_inactive) { End = DateTimeOffset.MaxValue, CallNumber = order }, s_now);

            // Another entry moves to the front of the bucket; otherwise the look-up would find the replacement there at once.
            CacheKey other = replaced;
            other[^1] = (byte)(1 + (order % 8));
            store.Remove(other);
            store.Set(new CacheEntry(other, s_inactive) { End = DateTimeOffset.MaxValue }, s_now);
        }

        Volatile.Write(ref ended, 1);
        await reading;

        Assert.Equal((0, 0), (missed, wentBack));
        Assert.Equal(9, store.Count);
        Assert.Equal(9, store.Entries.Count());
    }

    [Fact]
    public void Removed_entries_do_not_cost_other_entries_their_second_chance()
    {
        var store = new EntryStore(limit: 1_000);
        for (int number = 0; number < 1_000; number++)
            store.Set(Entry(number), s_now);

        // Each new entry sweeps two entries at the front, so the removed ones are not reached yet.
        CacheEntry[] inOrder = [.. store.Entries];
        foreach (CacheEntry removed in inOrder[400..500])
        {
            removed.MarkUsed();
            Assert.True(store.Remove(removed));
        }

        int next = 1_000;
        while (store.Count < 1_000)
            store.Set(Entry(next++), s_now);
        while (store.TryGet(inOrder[399].Key, out _))
            store.Set(Entry(next++), s_now);

        CacheEntry busy = inOrder[500];
        busy.MarkUsed();
        store.Set(Entry(next), s_now);

        Assert.True(store.TryGet(busy.Key, out _));
        Assert.Equal(1_000, store.Count);
    }

    [Fact]
    public void An_entry_that_is_no_longer_used_is_evicted()
    {
        var store = new EntryStore(limit: 10);
        CacheEntry once = Entry(0);
        store.Set(once, s_now);
        once.MarkUsed();

        for (int number = 1; number < 40; number++)
            store.Set(Entry(number), s_now);

        Assert.False(store.TryGet(once.Key, out _));
        Assert.Equal(10, store.Count);
        Assert.Equal(30, store.Evictions);
    }

    [Fact]
    public void One_eviction_considers_a_bounded_number_of_entries_even_when_all_are_in_use()
    {
        var store = new EntryStore(limit: 500);
        CacheEntry[] entries = [.. Enumerable.Range(0, 500).Select(Entry)];
        foreach (CacheEntry entry in entries)
        {
            store.Set(entry, s_now);
            entry.MarkUsed();
        }

        store.Set(Entry(500), s_now);

        Assert.Equal(500, store.Count);
        Assert.InRange(entries.Count(static entry => entry.ClearUsed()), 400, 499);
    }

    [Fact]
    public void At_the_limit_an_entry_that_has_just_expired_makes_way_even_if_it_was_used()
    {
        var store = new EntryStore(limit: 2);
        var expired = new CacheEntry(Key(1), s_inactive) { End = s_now };
        store.Set(expired, s_now.AddMinutes(-1));
        store.Set(Entry(2), s_now.AddMinutes(-1));
        expired.MarkUsed();

        store.Set(Entry(3), s_now);

        Assert.False(store.TryGet(expired.Key, out _));
        Assert.True(store.TryGet(Key(2), out _));
        Assert.True(store.TryGet(Key(3), out _));
        Assert.Equal(0, store.Evictions);
    }

    [Fact]
    public void A_full_store_removes_expired_entries_when_it_replaces_one()
    {
        var store = new EntryStore(limit: 3);
        store.Set(new CacheEntry(Key(1), s_inactive) { End = s_now }, s_now.AddMinutes(-1));
        store.Set(Entry(2), s_now.AddMinutes(-1));
        store.Set(Entry(3), s_now.AddMinutes(-1));

        store.Set(Entry(3), s_now);

        Assert.Equal(2, store.Count);
        Assert.False(store.TryGet(Key(1), out _));
    }

    [Fact]
    public void Removed_entries_are_not_kept_in_memory()
    {
        var store = new EntryStore(limit: 1_000);
        WeakReference removed = AddAndRemove(store);
        for (int number = 1; number < 10; number++)
            store.Set(Entry(number), s_now);

        GC.Collect();

        Assert.False(removed.IsAlive);
        Assert.Equal(9, store.Count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // so that no variable refers to the entry
    private static WeakReference AddAndRemove(EntryStore store)
    {
        CacheEntry entry = Entry(0);
        store.Set(entry, s_now);
        Assert.True(store.Remove(entry));
        return new WeakReference(entry);
    }

    private static readonly IntrospectionResult s_inactive = IntrospectionResult.Inactive(s_now);

    private static CacheEntry Entry(int number) => new(Key(number), s_inactive) { End = DateTimeOffset.MaxValue };

    private static CacheKey Key(int number)
    {
        CacheKey key = default;
        BinaryPrimitives.WriteInt32LittleEndian(key, number);
        return key;
    }
}
