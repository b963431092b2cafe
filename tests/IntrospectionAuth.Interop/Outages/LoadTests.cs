using System.Collections.Concurrent;
using System.Globalization;
using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.Outages;

/// <summary>Many tokens at once, and refused credentials, with default settings.</summary>
public sealed class LoadTests(ITestOutputHelper output)
{
    [Fact]
    public async Task At_most_64_calls_are_in_flight_and_further_requests_get_503()
    {
        var crowd = new InFlightCounter();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using KestrelServer server = await KestrelServer.StartAsync(context =>
            crowd.CountAsync(async () =>
            {
                await release.Task;
                await context.Response.WriteJsonAsync(OutageApi.Active);
            })
        );
        await using SampleApi api = await StartAsync(server, timeout: "60");

        Task<ApiResponse>[] first = [.. Enumerable.Range(0, 64).Select(i => api.GetAsync("/read", Token(i)))];
        await crowd.WaitForAsync(64);
        ApiResponse[] others = await Task.WhenAll(api.GetAsync("/read", Token(65)), api.GetAsync("/read", Token(66)));
        release.SetResult();

        Assert.All(await Task.WhenAll(first), response => Assert.Equal(200, response.Status));
        foreach (ApiResponse other in others)
        {
            other.AssertUnavailable();
            Assert.InRange(other.Elapsed, TimeSpan.FromSeconds(0.9), ApiResponse.Hang); // It waited for a place for 1 s.
        }

        Assert.Equal((64, 64), (crowd.Most, server.CallCount));
        Assert.Equal(200, (await api.GetAsync("/read", Token(65))).Status);
        await api.WaitForLogAsync("the maximum number of calls is in flight");
    }

    [Fact]
    public async Task A_flood_of_invalid_tokens_does_not_delay_cached_tokens()
    {
        const int connections = 32;
        const int tokens = 2_000;
        var isReleased = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var crowd = new InFlightCounter();
        await using KestrelServer server = await KestrelServer.StartAsync(context =>
            crowd.CountAsync(async () =>
            {
                string? form = await context.Request.ReadFormLinesAsync();
                if (!form!.Contains("good", StringComparison.Ordinal))
                    await isReleased.Task;
                await context.Response.WriteJsonAsync(
                    form.Contains("good", StringComparison.Ordinal) ? OutageApi.Active : KestrelResponses.Inactive
                );
            })
        );
        await using SampleApi api = await StartAsync(server, timeout: "5");
        await api.WarmUpAsync("good");

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
        await crowd.WaitForAsync(connections);
        Assert.Equal(200, (await api.GetAsync("/read", "good")).Status); // While the server holds all other calls.
        isReleased.SetResult();
        int good = 0;
        TimeSpan slowest = TimeSpan.Zero;
        while (!flood.IsCompleted)
        {
            ApiResponse response = await api.GetAsync("/read", "good");
            Assert.Equal(200, response.Status);
            slowest = response.Elapsed > slowest ? response.Elapsed : slowest;
            good++;
        }

        await flood;
        output.WriteLine(
            $"{good} good responses meanwhile, the slowest after {slowest.TotalMilliseconds:F0} ms; at most {crowd.Most} calls at once"
        );
        Assert.Equal(tokens, statuses.GetValueOrDefault(401)); // all are inactive
        Assert.Equal(tokens + 1, server.CallCount);
        Assert.InRange(crowd.Most, 1, connections);
        Assert.NotEqual(0, good);
        Assert.InRange(slowest, TimeSpan.Zero, ApiResponse.Hang);
    }

    [Fact]
    public async Task Refused_credentials_are_logged_once()
    {
        await using var server = new SocketServer();
        server.Behavior = exchange =>
            exchange.WriteAsync("401 Unauthorized", "Content-Type: application/json", """{"error":"invalid_client"}""");
        await using SampleApi api = await HostedApi.StartAsync(server.Settings);

        for (int i = 0; i < 20; i++)
            (await api.GetAsync("/read", Token(i))).AssertUnavailable();
        server.Behavior = exchange => exchange.WriteAsync("404 Not Found");
        await api.GetAsync("/read", "the-last");
        await api.WaitForLogAsync("responded with 404"); // so earlier log lines have arrived

        Assert.Equal(1, Outage.Count(api.Log, "responded with 401, error code invalid_client"));
        Assert.Equal(1, Outage.Count(api.Log, "fail: "));
        Assert.Equal(21, server.TotalCallCount);
    }

    private static string Token(int number) => "token-" + number.ToString(CultureInfo.InvariantCulture);

    private static Task<SampleApi> StartAsync(KestrelServer server, string timeout) =>
        HostedApi.StartAsync(
            new(StringComparer.Ordinal)
            {
                ["IntrospectionEndpoint"] = server.Url + "/introspect",
                ["ClientId"] = "api",
                ["ClientSecret"] = "secret",
                ["Timeout"] = timeout,
            }
        );
}
