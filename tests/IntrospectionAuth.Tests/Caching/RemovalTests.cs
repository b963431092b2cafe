using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Caching;

public sealed class RemovalTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_removed_token_is_introspected_again()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        string token = _server.IssueToken("read"),
            other = _server.IssueToken("read");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        await api.AssertStatusAsync(other, HttpStatusCode.OK);
        _server.Revoke(token);

        int removed = CacheOf(api).RemoveToken(token);

        Assert.Equal(1, removed);
        await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await api.AssertStatusAsync(other, HttpStatusCode.OK);
        Assert.Equal(3, _server.CallCount);
    }

    [Fact]
    public async Task Removing_nothing_counts_zero_entries()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        await api.AssertStatusAsync(_server.IssueToken("read"), HttpStatusCode.OK);
        OAuthIntrospectionCache cache = CacheOf(api);

        Assert.Equal(0, cache.RemoveToken("unknown"));
        Assert.Equal(0, cache.RemoveSubject("none"));
        Assert.Equal(0, cache.RemoveSession("none"));
        Assert.Equal(0, cache.RemoveClient("none"));
        Assert.Equal(0, cache.RemoveOrganization("none"));
        Assert.Equal(0, cache.RemoveWorkspace("none"));
    }

    [Fact]
    public async Task An_inactive_token_can_be_removed_too()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        await api.AssertStatusAsync("later", HttpStatusCode.Unauthorized);
        _server.IssueToken(it =>
        {
            it.Value = "later";
            it.Scopes = ["read"];
        });
        await api.AssertStatusAsync("later", HttpStatusCode.Unauthorized);

        Assert.Equal(1, CacheOf(api).RemoveToken("later"));

        await api.AssertStatusAsync("later", HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("sub")]
    [InlineData("sid")]
    [InlineData("client_id")]
    [InlineData("org_id")]
    [InlineData("workspace_id")]
    public async Task All_entries_of_a_subject_session_client_or_tenant_are_removed_and_no_others(string member)
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        string[] meant = [.. Enumerable.Range(0, 5).Select(_ => Issue(member, "meant"))];
        string[] others =
        [
            Issue(member, "other"),
            Issue(member, "Meant"),
            Issue(member, "meant "),
            Issue("else", "meant"),
            _server.IssueToken("read"),
        ];
        foreach (string token in meant.Concat(others))
            await api.AssertStatusAsync(token, HttpStatusCode.OK);
        foreach (string token in meant.Concat(others))
            _server.Revoke(token);

        OAuthIntrospectionCache cache = CacheOf(api);
        int removed = member switch
        {
            "sub" => cache.RemoveSubject("meant"),
            "sid" => cache.RemoveSession("meant"),
            "client_id" => cache.RemoveClient("meant"),
            "org_id" => cache.RemoveOrganization("meant"),
            _ => cache.RemoveWorkspace("meant"),
        };

        Assert.Equal(5, removed);
        foreach (string token in meant)
            await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        foreach (string token in others)
            await api.AssertStatusAsync(token, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_mapped_claim_is_matched_by_its_new_name()
    {
        await using TestApi api = await TestApi.StartAsync(_server, options => options.ClaimMappings["orgId"] = "org_id");
        string token = Issue("orgId", "umbrella");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(1, CacheOf(api).RemoveOrganization("umbrella"));
    }

    [Fact]
    public async Task Removal_covers_every_scheme()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection("one").AddOAuthIntrospection("two"),
                Schemes = ["one", "two"],
            }
        );
        string token = Issue("sub", "alice");
        await api.AuthenticateAsync(token, "one");
        await api.AuthenticateAsync(token, "two");

        Assert.Equal(2, CacheOf(api).RemoveSubject("alice"));

        await api.AuthenticateAsync(token, "one");
        await api.AuthenticateAsync(token, "two");
        Assert.Equal(2, CacheOf(api).RemoveToken(token));
        Assert.Equal(4, _server.CallCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_in_flight_during_a_removal_neither_stores_its_response_nor_serves_a_request(bool byToken)
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        string token = Issue("sub", "alice");
        (TaskCompletionSource asked, TaskCompletionSource go) = HoldBackTheOldResponse();

        Task<HttpResponseMessage> before = api.GetAsync("/read", token);
        await asked.Task;
        _server.Revoke(token);
        Assert.Equal(0, byToken ? CacheOf(api).RemoveToken(token) : CacheOf(api).RemoveSubject("alice"));
        Task<HttpResponseMessage> after = api.GetAsync("/read", token);
        go.SetResult();

        using HttpResponseMessage first = await before,
            second = await after;
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (first.StatusCode, second.StatusCode));
        await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_background_refresh_in_flight_during_a_removal_does_not_store_its_response()
    {
        var time = new ManualTimeProvider();
        await using var server = FakeAuthorizationServer.Create(options => options.TimeProvider = time);
        await using TestApi api = await TestApi.StartAsync(server, time: time);
        string token = server.IssueToken("read");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        using HeldResponses held = server.HoldResponses();
        time.Advance(TimeSpan.FromMinutes(5));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        await held.WaitForCallsAsync(1);

        Assert.Equal(1, CacheOf(api).RemoveToken(token));
        held.Release();
        await api.IdleAsync();

        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(3, server.CallCount);
    }

    [Trait("Load", "Heavy")]
    [Fact]
    public async Task Removal_during_many_changes_leaves_no_entry_behind()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        OAuthIntrospectionCache cache = CacheOf(api);
        string[] tokens = [.. Enumerable.Range(0, 50).Select(i => Issue("sub", $"subject-{i % 5}"))];

        for (int round = 0; round < 20; round++)
        {
            Task[] requests = [.. tokens.Select(token => api.AssertStatusAsync(token, HttpStatusCode.OK))];
            for (int subject = 0; subject < 5; subject++)
                cache.RemoveSubject($"subject-{subject}");
            await Task.WhenAll(requests);
        }

        foreach (string token in tokens)
            _server.Revoke(token);
        int left = Enumerable.Range(0, 5).Sum(subject => cache.RemoveSubject($"subject-{subject}"));
        Assert.InRange(left, 0, 50);
        Assert.Equal(0, tokens.Sum(cache.RemoveToken));
        foreach (string token in tokens)
            await api.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_empty_name_is_an_argument_error()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        OAuthIntrospectionCache cache = CacheOf(api);

        Assert.Throws<ArgumentException>(() => cache.RemoveToken(""));
        Assert.Throws<ArgumentException>(() => cache.RemoveSubject(""));
        Assert.Throws<ArgumentException>(() => cache.RemoveSession(""));
        Assert.Throws<ArgumentException>(() => cache.RemoveClient(""));
        Assert.Throws<ArgumentException>(() => cache.RemoveOrganization(""));
        Assert.Throws<ArgumentException>(() => cache.RemoveWorkspace(""));
    }

    /// <summary>The first response is created before the token is revoked and sent long after.</summary>
    private (TaskCompletionSource Asked, TaskCompletionSource Go) HoldBackTheOldResponse()
    {
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        _server.RespondWith(
            async context =>
            {
                asked.SetResult();
                await go.Task;
                await context.Response.WriteAsJsonAsync(
                    new
                    {
                        active = true,
                        sub = "alice",
                        scope = "read",
                    }
                );
            },
            calls: 1
        );
        return (asked, go);
    }

    private string Issue(string member, string value) =>
        _server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            it.Members[member] = value;
        });

    private static OAuthIntrospectionCache CacheOf(TestApi api) => api.Services.GetRequiredService<OAuthIntrospectionCache>();
}
