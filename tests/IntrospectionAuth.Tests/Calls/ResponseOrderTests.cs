using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Calls;

/// <summary>Answers may come in another order than they were asked for; what was asked for last is what counts.</summary>
public sealed class ResponseOrderTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;

    public ResponseOrderTests() => _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_older_answer_that_comes_late_does_not_replace_a_newer_one()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueToken("read");
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        _server.RespondWith(
            async context =>
            {
                asked.SetResult();
                await go.Task;
                await context.Response.WriteAsJsonAsync(new { active = true, scope = "read" });
            },
            calls: 1
        );

        Task<HttpResponseMessage> slow = api.GetAsync("/read", token);
        await asked.Task;
        _time.Advance(TimeSpan.FromSeconds(1));
        _server.Revoke(token);
        await AssertStatusAsync(api, "/now", token, HttpStatusCode.Unauthorized);
        go.SetResult();
        (await slow).Dispose();

        await AssertStatusAsync(api, "/read", token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Answers_from_a_future_that_was_taken_back_do_not_stand_in_the_way()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueToken("read");
        _time.Advance(TimeSpan.FromMinutes(30));
        await AssertStatusAsync(api, "/read", token, HttpStatusCode.OK);

        _time.Advance(TimeSpan.FromMinutes(-30));
        await AssertStatusAsync(api, "/read", token, HttpStatusCode.OK);
        await AssertStatusAsync(api, "/read", token, HttpStatusCode.OK);

        Assert.Equal(2, _server.CallCount);
    }

    private Task<TestApi> StartAsync() =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(_ => { }),
                Endpoints = app => app.MapGet("/now", () => "now").RequireFreshToken(TimeSpan.Zero),
                Time = _time,
            }
        );

    private static async Task AssertStatusAsync(TestApi api, string path, string token, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await api.GetAsync(path, token);
        Assert.Equal(expected, response.StatusCode);
    }
}
