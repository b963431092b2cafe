using System.Diagnostics;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Telemetry;

/// <summary>The span of a shared call, and the links from the requests that waited for it.</summary>
public sealed class TracesTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server;
    private readonly ManualTimeProvider _time = new();

    // Activity sources are global to the process, so the scheme identifies the test.
    private readonly string _scheme = Guid.NewGuid().ToString("N");
    private readonly ActivityRecorder _spans;
    private readonly Journal<Activity> _requests = new();

    public TracesTests()
    {
        _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);
        _spans = new ActivityRecorder(_scheme);
    }

    public async ValueTask DisposeAsync()
    {
        _spans.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_shared_call_is_one_root_span_that_every_waiting_request_links_to()
    {
        TimeSpan maximumAge = TimeSpan.FromMinutes(10);
        await using TestApi api = await StartAsync(options => options.Cache.MaximumAge = maximumAge);
        string token = _server.IssueToken("read");
        using HeldResponses held = _server.HoldResponses();

        Task<HttpResponseMessage> first = api.GetAsync("/read", token);
        await held.WaitForCallsAsync(1);
        Task<HttpResponseMessage>[] waiting = [first, api.GetAsync("/read", token), api.GetAsync("/read", token)];
        await _time.WaitForTimersAsync(maximumAge, 2); // each request that joins a call waits at most until its result is too old
        held.Release();
        foreach (HttpResponseMessage response in await Task.WhenAll(waiting))
            response.Dispose();

        Activity span = Assert.Single(_spans.Ended);
        Assert.Equal("introspect", span.DisplayName);
        Assert.Equal(ActivityKind.Internal, span.Kind);
        Assert.Null(span.ParentId);
        Assert.Equal(default, span.ParentSpanId);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Equal(
            [$"aspnetcore.authentication.scheme={_scheme}", "introspection_auth.outcome=active"],
            span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")
        );
        Assert.Equal(3, _requests.Count);
        Assert.All(_requests, request => Assert.Equal(span.Context, Assert.Single(request.Links).Context));
        Assert.DoesNotContain(_requests, request => request.TraceId == span.TraceId);
    }

    [Fact]
    public async Task A_request_that_uses_a_cache_entry_has_no_link()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueToken("read");

        await GetAsync(api, token);
        _requests.Clear();
        await GetAsync(api, token);

        Assert.Empty(Assert.Single(_requests).Links);
        Assert.Single(_spans.Ended);
    }

    [Fact]
    public async Task An_inactive_response_is_not_an_error()
    {
        await using TestApi api = await StartAsync();

        await GetAsync(api, "unknown");

        Activity span = Assert.Single(_spans.Ended);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Equal("inactive", span.GetTagItem("introspection_auth.outcome"));
        Assert.Null(span.GetTagItem("error.type"));
    }

    [Theory]
    [InlineData(500, "500")]
    [InlineData(401, "401")]
    [InlineData(0, "response_ended")]
    public async Task A_call_without_a_usable_response_is_an_error_with_its_type(int status, string errorType)
    {
        await using TestApi api = await StartAsync();
        if (status == 0)
            _server.Disconnect();
        else
            _server.RespondWith(status);

        await GetAsync(api, "token");

        Activity span = Assert.Single(_spans.Ended);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal("unavailable", span.GetTagItem("introspection_auth.outcome"));
        Assert.Equal(errorType, span.GetTagItem("error.type"));
        Assert.Equal(span.Context, Assert.Single(Assert.Single(_requests).Links).Context);
    }

    [Fact]
    public async Task An_exception_in_the_applications_event_is_an_error_with_its_type()
    {
        await using TestApi api = await StartAsync(options =>
            options.Events.OnIntrospecting = _ => throw new InvalidOperationException("the user's own")
        );

        await Assert.ThrowsAsync<InvalidOperationException>(() => api.GetAsync("/read", "token"));

        Activity span = Assert.Single(_spans.Ended);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Null(span.StatusDescription);
        Assert.Equal("System.InvalidOperationException", span.GetTagItem("error.type"));
    }

    [Fact]
    public async Task A_background_refresh_is_a_root_span_that_no_request_links_to()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueToken("read");

        await GetAsync(api, token);
        _requests.Clear();
        _time.Advance(TimeSpan.FromMinutes(6));
        await GetAsync(api, token);
        await _spans.WaitForAsync(2);

        Assert.Null(_spans.Ended.Last().ParentId);
        Assert.Equal("active", _spans.Ended.Last().GetTagItem("introspection_auth.outcome"));
        Assert.Empty(Assert.Single(_requests).Links);
    }

    private static async Task GetAsync(TestApi api, string token) => (await api.GetAsync("/read", token)).Dispose();

    private Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions>? configure = null) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Time = _time,
                Schemes = [_scheme],
                Services = services =>
                    services
                        .AddAuthentication(_scheme)
                        .AddOAuthIntrospection(
                            _scheme,
                            options =>
                            {
                                configure?.Invoke(options);
                                options.Events.OnMessageReceived = context =>
                                {
                                    _requests.Add(context.HttpContext.Features.Get<IHttpActivityFeature>()!.Activity);
                                    return Task.CompletedTask;
                                };
                            }
                        ),
            }
        );
}
