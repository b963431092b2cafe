using System.Text;
using System.Text.Json.Nodes;
using IntrospectionAuth.ServerKeys;
using IntrospectionAuth.Tests.Introspection;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.ServerKeys;

public sealed class RememberedKeysTests
{
    private readonly OAuthIntrospectionOptions _options = new() { TimeProvider = new ManualTimeProvider() };

    [Fact]
    public async Task Those_whom_no_key_fits_wait_for_one_fetch_together_and_who_comes_later_finds_what_it_brought()
    {
        var fetches = new Queue<TaskCompletionSource<KeySetReading>>([new(), new()]);
        TaskCompletionSource<KeySetReading> first = fetches.Peek(), second = fetches.Last();
        var keys = new RememberedKeys((_, _) => fetches.Dequeue().Task);
        first.SetResult(Read());
        KeySetReading tried = await keys.FindAsync(_options);

        Task<KeySetReading> one = keys.RenewAsync(_options, tried), two = keys.RenewAsync(_options, tried);
        KeySetReading meanwhile = await keys.FindAsync(_options);
        Assert.False(one.IsCompleted);
        Assert.False(two.IsCompleted);
        KeySetReading renewed = Read();
        second.SetResult(renewed);

        Assert.Same(tried, meanwhile);
        Assert.Same(renewed, await one);
        Assert.Same(renewed, await two);
        Assert.Same(renewed, await keys.RenewAsync(_options, tried));
        Assert.Same(renewed, await keys.RenewAsync(_options, renewed)); // fetched lately: what was tried comes back
        Assert.Same(renewed, await keys.FindAsync(_options));
    }

    [Fact]
    public async Task A_fetch_that_throws_ends_all_the_same_and_the_next_one_begins()
    {
        int count = 0;
        KeySetReading good = Read();
        var keys = new RememberedKeys((_, _) => ++count == 1 ? throw new InvalidOperationException("a logger's") : Task.FromResult(good));

        Assert.IsType<InvalidOperationException>((await keys.FindAsync(_options)).Exception);
        Assert.Same(good, await keys.FindAsync(_options));
    }

    private static KeySetReading Read() => KeySetReader.Read(Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray(ServerKey.Ec().Jwk()) }.ToJsonString()));
}
