using System.Collections.Concurrent;
using System.Globalization;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.BadDays;

/// <summary>Many tokens at once, and refused credentials: with everything as it is by default.</summary>
public sealed class CrowdTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Never_more_than_64_calls_are_under_way_and_who_finds_no_place_gets_503()
    {
        var crowd = new Crowd();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using KestrelServer server = await KestrelServer.StartAsync(context =>
            crowd.PassAsync(async () =>
            {
                await release.Task;
                await context.Response.WriteJsonAsync(BadDaysApi.Active);
            })
        );
        await using SampleApi api = await StartAsync(server, timeout: "60");

        Task<Answer>[] first = [.. Enumerable.Range(0, 64).Select(i => api.GetAsync("/read", Token(i)))];
        await crowd.WaitForAsync(64);
        Answer[] others = await Task.WhenAll(api.GetAsync("/read", Token(65)), api.GetAsync("/read", Token(66)));
        release.SetResult();

        Assert.All(await Task.WhenAll(first), answer => Assert.Equal(200, answer.Status));
        foreach (Answer other in others)
        {
            other.AssertUnavailable(TimeSpan.FromSeconds(4));
            Assert.InRange(other.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(4)); // it did wait
        }

        Assert.Equal((64, 64), (crowd.Most, server.CallCount));
        Assert.Equal(200, (await api.GetAsync("/read", Token(65))).Status);
        await api.WaitForLogAsync("so many calls are under way");
    }

    [Fact]
    public async Task A_flood_of_worthless_tokens_costs_tokens_in_use_nothing()
    {
        const int connections = 32;
        const int tokens = 5_000;
        var crowd = new Crowd();
        await using KestrelServer server = await KestrelServer.StartAsync(context =>
            crowd.PassAsync(async () =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System); // the network, which is not here
                string? form = await context.Request.ReadFormLinesAsync();
                await context.Response.WriteJsonAsync(
                    form!.Contains("good", StringComparison.Ordinal) ? BadDaysApi.Active : KestrelResponses.Inactive
                );
            })
        );
        await using SampleApi api = await StartAsync(server, timeout: "5");
        Assert.Equal(200, (await api.GetAsync("/read", "good")).Status);

        var statuses = new ConcurrentDictionary<int, int>();
        int next = 0;
        Task flood = Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(async _ =>
                {
                    int token;
                    while ((token = Interlocked.Increment(ref next)) <= tokens)
                        statuses.AddOrUpdate((await api.GetAsync("/read", Token(token))).Status, 1, static (_, count) => count + 1);
                })
        );
        int good = 0;
        TimeSpan slowest = TimeSpan.Zero;
        while (!flood.IsCompleted)
        {
            Answer answer = await api.GetAsync("/read", "good");
            Assert.Equal(200, answer.Status);
            slowest = answer.Elapsed > slowest ? answer.Elapsed : slowest;
            good++;
        }

        await flood;
        output.WriteLine(
            $"{good} good answers meanwhile, the slowest after {slowest.TotalMilliseconds:F0} ms; at most {crowd.Most} calls at once"
        );
        Assert.Equal(tokens, statuses.GetValueOrDefault(401)); // inactive, every one
        Assert.Equal(tokens + 1, server.CallCount);
        Assert.InRange(crowd.Most, 1, connections);
        Assert.NotEqual(0, good);
        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Refused_credentials_are_one_line_in_the_log()
    {
        await using var server = new SocketServer();
        server.Mood = exchange =>
            exchange.WriteAsync("401 Unauthorized", "Content-Type: application/json", """{"error":"invalid_client"}""");
        await using SampleApi api = await SampleApi.StartAsync(server.Settings);

        for (int i = 0; i < 20; i++)
            (await api.GetAsync("/read", Token(i))).AssertUnavailable(TimeSpan.FromSeconds(3));
        server.Mood = exchange => exchange.WriteAsync("404 Not Found");
        await api.GetAsync("/read", "the-last");
        await api.WaitForLogAsync("responded with 404"); // whatever was logged before has come

        Assert.Equal(1, BadDay.Count(api.Log, "responded with 401, error code invalid_client"));
        Assert.Equal(1, BadDay.Count(api.Log, "fail: "));
        Assert.Equal(21, server.TotalCallCount);
    }

    private static string Token(int number) => "token-" + number.ToString(CultureInfo.InvariantCulture);

    private static Task<SampleApi> StartAsync(KestrelServer server, string timeout) =>
        SampleApi.StartAsync(
            new(StringComparer.Ordinal)
            {
                ["IntrospectionEndpoint"] = server.Url + "/introspect",
                ["ClientId"] = "api",
                ["ClientSecret"] = "secret",
                ["Timeout"] = timeout,
            }
        );
}
