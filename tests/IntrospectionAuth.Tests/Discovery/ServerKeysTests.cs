using System.Text.Json.Nodes;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Claims;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Discovery;

/// <summary>The keys that verify signed responses: where they are found, how long they are used, and how new ones are found.</summary>
public sealed class ServerKeysTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Concurrent_requests_fetch_the_keys_once()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync();

        int[] statuses = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => api.GetAsync($"token-{i}")));

        Assert.All(statuses, status => Assert.Equal(200, status));
        Assert.Equal((30, 1), (server.Introspections, server.KeyFetches));
    }

    [Fact]
    public async Task A_limit_of_one_call_suffices_for_the_response_and_its_keys()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync(options => options.Resilience.MaximumConcurrentCalls = 1);

        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Fact]
    public async Task A_new_key_is_fetched_at_its_first_signature()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync();
        Assert.Equal(200, await api.GetAsync("one"));
        ServerKey next = ServerKey.Rsa("key-2");
        server.PublishKeys(server.Key, next);
        server.RespondSigned(key: next);

        Assert.Equal(200, await api.GetAsync("two"));
        Assert.Equal(2, server.KeyFetches);
    }

    [Theory]
    [InlineData("key-unknown")]
    [InlineData("key-1")]
    [InlineData(null)]
    public async Task A_flood_of_responses_that_no_key_fits_causes_one_fetch_a_minute(string? keyId)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync();
        Assert.Equal(200, await api.GetAsync("good"));
        server.RespondSigned(
            signed =>
            {
                signed.Header.Remove("kid");
                if (keyId is not null)
                    signed.Header["kid"] = keyId;
            },
            ServerKey.Ec()
        );

        int[] statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => api.GetAsync($"first-{i}")));
        Assert.All(statuses, status => Assert.Equal(503, status));
        Assert.Equal(2, server.KeyFetches);

        api.Time.Advance(s_minute - TimeSpan.FromSeconds(1));
        Assert.Equal(503, await api.GetAsync("second"));
        Assert.Equal(2, server.KeyFetches);
        api.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(503, await api.GetAsync("third"));
        Assert.Equal(503, await api.GetAsync("fourth"));
        Assert.Equal(3, server.KeyFetches);
    }

    [Fact]
    public async Task Keys_are_used_for_an_hour_and_then_refreshed_in_the_background()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync();
        Assert.Equal(200, await api.GetAsync("one"));
        OAuthIntrospectionOptions options = OptionsOf(api);
        Remembered<Outcome<KeySet>> keys = KeysOf(api, server.Url + SignedServer.Jwks);
        Outcome<KeySet> old = await keys.FindAsync(options);
        server.PublishKeys(ServerKey.Ec("key-2"));

        api.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        server.RespondSigned(signed => signed.Claims["iat"] = api.Time.GetUtcNow().ToUnixTimeSeconds());
        Assert.Equal(200, await api.GetAsync("two"));
        Assert.Equal(1, server.KeyFetches);

        api.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, await api.GetAsync("three")); // Still with the old key: no caller waits for the fetch.
        await keys.RenewAsync(options, old); // joins the fetch
        Assert.Equal(503, await api.GetAsync("after")); // a key that the server has withdrawn
    }

    [Theory]
    [InlineData("status")]
    [InlineData("redirect")]
    [InlineData("no JSON")]
    [InlineData("no usable key")]
    [InlineData("too long")]
    public async Task A_failed_fetch_is_not_cached_and_the_next_request_fetches_again(string kind)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.Http.On(
            SignedServer.Jwks,
            context =>
            {
                if (kind == "redirect")
                    context.Response.Headers.Location = server.Url + "/elsewhere";
                context.Response.StatusCode = kind switch
                {
                    "status" => 500,
                    "redirect" => 302,
                    _ => 200,
                };
                return context.Response.WriteAsync(
                    kind switch
                    {
                        "no usable key" => new JsonObject { ["keys"] = new JsonArray(server.Key.Jwk(("use", "enc"))) }.ToJsonString(),
                        "too long" => $$"""{"keys":[],"x":"{{new string('x', 10_000)}}"}""",
                        _ => "nonsense",
                    }
                );
            }
        );
        await using DiscoveryApi api = await server.StartApiAsync(options => options.MaximumResponseLength = 5_000);

        Assert.Equal(503, await api.GetAsync("token"));
        Assert.Equal(503, await api.GetAsync("token"));
        Assert.Equal(2, server.KeyFetches);
        server.PublishKeys(server.Key);
        Assert.Equal(200, await api.GetAsync("token"));

        Assert.Contains("the keys that verify signed responses cannot be obtained", api.Log, StringComparison.Ordinal);
        Assert.Equal(1, api.Signal.Count("ServerKeysUnavailable"));
        Assert.Equal(0, server.Http.Count("GET /elsewhere"));
    }

    [Theory]
    [InlineData(503, "77", "77")]
    [InlineData(429, "900", "300")]
    [InlineData(503, null, "5")]
    public async Task The_Retry_After_of_the_keys_is_returned_to_the_caller(int status, string? retryAfter, string told)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.Http.RespondAt(SignedServer.Jwks, status, retryAfter);
        await using DiscoveryApi api = await server.StartApiAsync();

        using HttpResponseMessage response = await api.SendAsync("token");
        server.PublishKeys(server.Key);

        Assert.Equal((503, told), ((int)response.StatusCode, response.Headers.RetryAfter?.ToString()));
        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(0)]
    public async Task A_momentary_failure_at_the_keys_counts_once_for_every_waiting_caller(int status)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        string keys = new JsonObject { ["keys"] = new JsonArray(server.Key.Jwk()) }.ToJsonString();
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int fetches = 0;
        server.Http.On(
            SignedServer.Jwks,
            async context =>
            {
                if (Interlocked.Increment(ref fetches) > 1)
                {
                    await MetadataServer.WriteAsync(context, keys);
                    return;
                }

                await released.Task;
                if (status == 0)
                    context.Abort();
                else
                    context.Response.StatusCode = status;
            }
        );
        await using DiscoveryApi api = await server.StartApiAsync();

        Task<Outcome<KeySet>> waiting = KeysOf(api, server.Url + SignedServer.Jwks).FindAsync(OptionsOf(api));
        Task<int>[] crowd = [.. Enumerable.Range(0, 20).Select(i => api.GetAsync($"token-{i}"))];
        await server.Http.WaitForAsync("POST /introspect", 20);
        released.SetResult();

        Assert.All(await Task.WhenAll(crowd), one => Assert.Equal(200, one));
        Assert.NotNull((await waiting).Value);
        Assert.Equal((2, 20, 0), (server.KeyFetches, server.Introspections, api.Signal.Count("CircuitOpened")));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task Keys_that_fail_twice_yield_503_and_no_waiting_caller_retries(bool isResilient, int fetches)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.Http.On(
            SignedServer.Jwks,
            context =>
            {
                context.Abort();
                return Task.CompletedTask;
            }
        );
        await using DiscoveryApi api = await server.StartApiAsync(options => options.Resilience.Enabled = isResilient);

        Assert.Equal(503, await api.GetAsync("token"));

        Assert.Equal((fetches, 1), (server.KeyFetches, server.Introspections));
    }

    [Fact]
    public async Task A_failed_fetch_keeps_the_known_keys()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync();
        Assert.Equal(200, await api.GetAsync("one"));
        server.Http.Remove(SignedServer.Jwks);

        api.Time.Advance(TimeSpan.FromHours(1));
        server.RespondSigned(signed => signed.Claims["iat"] = api.Time.GetUtcNow().ToUnixTimeSeconds());
        Assert.Equal(200, await api.GetAsync("two"));
        await api.Signal.WaitForAsync("ServerKeysNotRefreshed");
        Assert.Equal(200, await api.GetAsync("three"));

        Assert.Contains("cannot be fetched again (status 404)", api.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_never_arrive_yield_503_within_the_timeout_and_a_disconnecting_caller_does_not_stop_the_fetch()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        string keys = new JsonObject { ["keys"] = new JsonArray(server.Key.Jwk()) }.ToJsonString();
        Gate gate = server.Http.HoldAt(SignedServer.Jwks, keys);
        await using DiscoveryApi api = await server.StartApiAsync();
        using var leaving = new CancellationTokenSource();

        Task<int> first = api.GetAsync("first", leaving.Token);
        await gate.Arrived;
        Task<int> second = api.GetAsync("second");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.Release();

        Assert.Equal(200, await second);
        Assert.Equal(1, server.KeyFetches);

        Task hanging = server.Http.HangAt(SignedServer.Jwks);
        server.RespondSigned(key: ServerKey.Ec("key-2"));
        Task<int> third = api.GetAsync("third");
        await hanging;
        api.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(503, await third);
    }

    [Theory]
    [InlineData("http://keys.example.com/jwks", "its jwks_uri is plain http")]
    [InlineData("/jwks", "its jwks_uri is not an absolute https URL")]
    [InlineData("https://user@keys.example.com/jwks", "its jwks_uri has user information")]
    [InlineData("", "its jwks_uri is not there")]
    public async Task A_jwks_uri_is_checked_like_an_endpoint(string url, string fault)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.PublishMetadata(url);
        await using DiscoveryApi api = await server.StartApiAsync();

        Assert.Equal(503, await api.GetAsync("token"));

        Assert.Contains(fault, api.Log, StringComparison.Ordinal);
        Assert.Equal(0, server.Introspections);
    }

    [Fact]
    public async Task A_configured_endpoint_is_used_and_only_the_keys_are_discovered()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        // Without an introspection_endpoint
        server.Http.PublishText(MetadataServer.OpenId, $$"""{"issuer":"{{server.Url}}","jwks_uri":"{{server.Url}}/jwks"}""");
        string signed = server.Create().ToString();
        server.Http.On("/mine", context => MetadataServer.WriteAsync(context, signed, SignedServer.MediaType));
        await using DiscoveryApi api = await server.StartApiAsync(options => options.IntrospectionEndpoint = server.Url + "/mine");

        Assert.Equal(200, await api.GetAsync("token"));

        Assert.Equal(["GET /.well-known/openid-configuration", "POST /mine", "GET /jwks"], server.Http.Requests);
        Assert.Equal((0, 0), (api.Signal.Count("Discovered"), api.Signal.Count("EndpointMoved")));
    }

    [Fact]
    public async Task Without_required_signatures_nothing_is_discovered_if_the_endpoint_is_configured()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.RespondWith("""{"active":true,"scope":"read"}""", "application/json");
        await using DiscoveryApi api = await server.StartApiAsync(options =>
        {
            options.RequireSignedResponse = false;
            options.IntrospectionEndpoint = server.Url + "/introspect";
        });

        Assert.Equal(200, await api.GetAsync("token"));

        Assert.Equal(["POST /introspect"], server.Http.Requests);
    }

    [Fact]
    public async Task Moved_keys_are_found_through_new_metadata()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync();
        Assert.Equal(200, await api.GetAsync("one"));
        ServerKey next = ServerKey.Ec("key-2");
        string keys = new JsonObject { ["keys"] = new JsonArray(next.Jwk()) }.ToJsonString();
        server.Http.On("/moved", context => MetadataServer.WriteAsync(context, keys));
        server.PublishMetadata(server.Url + "/moved"); // the old URL still serves the old keys
        server.RespondSigned(key: next);

        Assert.Equal(503, await api.GetAsync("two"));
        api.Time.Advance(s_minute);
        int status = 503;
        for (int i = 0; i < 200 && status == 503; i++)
            status = await api.GetAsync("two"); // until the search in the background has ended

        Assert.Equal(200, status);
    }

    [Fact]
    public async Task The_keys_of_the_last_two_URLs_are_kept_when_a_server_keeps_naming_new_ones()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync();
        string keys = new JsonObject { ["keys"] = new JsonArray(ServerKey.Ec("key").Jwk()) }.ToJsonString();
        foreach (string path in new[] { "/1", "/2", "/3", "/2", "/3", "/1" })
        {
            server.Http.On(path, context => MetadataServer.WriteAsync(context, keys));
            Assert.NotNull((await KeysOf(api, server.Url + path).FindAsync(OptionsOf(api))).Value);
        }

        Assert.Equal(["GET /1", "GET /2", "GET /3", "GET /1"], server.Http.Requests);
    }

    private static Remembered<Outcome<KeySet>> KeysOf(DiscoveryApi api, string url) =>
        api.Services.GetRequiredService<KeySets>().Get(OAuthIntrospectionDefaults.AuthenticationScheme, new Uri(url));

    private static OAuthIntrospectionOptions OptionsOf(DiscoveryApi api) =>
        api.Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>().Get(OAuthIntrospectionDefaults.AuthenticationScheme);
}
