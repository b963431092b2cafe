using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Calls;

public sealed class ConcurrencyTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Trait("Load", "Heavy")]
    [Theory]
    [InlineData(200)]
    [InlineData(10_000)]
    public async Task Simultaneous_requests_with_one_new_token_make_one_call(int count)
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        string token = _server.IssueToken("read");
        using HeldResponses held = _server.HoldResponses();

        Task<HttpResponseMessage>[] requests = [.. Enumerable.Range(0, count).Select(_ => api.GetAsync("/read", token))];
        await held.WaitForCallsAsync(1);
        held.Release();

        foreach (HttpResponseMessage response in await Task.WhenAll(requests))
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_caller_that_disconnects_does_not_cancel_the_call_of_the_others()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        string token = _server.IssueToken("read");
        using HeldResponses held = _server.HoldResponses();
        using var first = new CancellationTokenSource();

        Task<HttpResponseMessage> leaving = api.GetAsync("/read", token, first.Token);
        await held.WaitForCallsAsync(1);
        Task<HttpResponseMessage> staying = api.GetAsync("/read", token);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        held.Release();

        using HttpResponseMessage response = await staying;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_caller_that_disconnects_is_not_a_failed_authentication()
    {
        int failures = 0;
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                            options.Events.OnAuthenticationFailed = _ =>
                            {
                                failures++;
                                return Task.CompletedTask;
                            }
                        ),
            }
        );
        using HeldResponses held = _server.HoldResponses();
        using var caller = new CancellationTokenSource();

        Task<HttpResponseMessage> leaving = api.GetAsync("/read", _server.IssueToken("read"), caller.Token);
        await held.WaitForCallsAsync(1);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);

        Assert.Equal(0, failures);
    }

    [Fact]
    public async Task The_response_is_cached_even_when_every_caller_has_disconnected()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        string token = _server.IssueToken("read");
        using (HeldResponses held = _server.HoldResponses())
        using (var only = new CancellationTokenSource())
        {
            Task<HttpResponseMessage> leaving = api.GetAsync("/read", token, only.Token);
            await held.WaitForCallsAsync(1);
            await only.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        }

        using HttpResponseMessage response = await api.GetAsync("/read", token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_failed_call_is_shared_with_waiting_requests_and_with_no_later_one()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        string token = _server.IssueToken("read");
        HeldResponses held = _server.HoldResponses();

        Task<HttpResponseMessage>[] requests = [.. Enumerable.Range(0, 20).Select(_ => api.GetAsync("/read", token))];
        await held.WaitForCallsAsync(1);
        _server.RespondWith(500, calls: 1);
        held.Release();

        HttpResponseMessage[] responses = await Task.WhenAll(requests);
        Assert.Contains(responses, response => response.StatusCode == HttpStatusCode.ServiceUnavailable);
        using HttpResponseMessage later = await api.GetAsync("/read", token);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task An_exception_of_the_introspecting_event_reaches_every_waiting_request()
    {
        int calls = 0;
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options => options.Events.OnIntrospecting = _ => throw new InvalidOperationException($"the user's own {++calls}")
        );
        string token = _server.IssueToken("read");

        var first = await Assert.ThrowsAsync<InvalidOperationException>(() => api.GetAsync("/read", token));
        var second = await Assert.ThrowsAsync<InvalidOperationException>(() => api.GetAsync("/read", token));

        Assert.Equal("the user's own 1", first.Message);
        Assert.Equal("the user's own 2", second.Message); // a call that failed is not joined
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task No_context_of_the_first_request_flows_into_the_shared_call()
    {
        var ambient = new AsyncLocal<string?>();
        string? seen = "not asked";
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddHttpContextAccessor();
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                        {
                            options.Events.OnMessageReceived = context =>
                            {
                                ambient.Value = "the first request's";
                                return Task.CompletedTask;
                            };
                            options.Events.OnIntrospecting = _ =>
                            {
                                seen = ambient.Value ?? System.Diagnostics.Activity.Current?.Id;
                                return Task.CompletedTask;
                            };
                        });
                },
            }
        );

        ambient.Value = "the caller's";
        using HttpResponseMessage response = await api.GetAsync("/read", _server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(seen);
    }

    [Fact]
    public async Task A_call_to_a_hanging_server_ends_after_Timeout()
    {
        var time = new ManualTimeProvider();
        await using TestApi api = await TestApi.StartAsync(_server, time: time);
        using HeldResponses held = _server.HoldResponses();

        Task<HttpResponseMessage> request = api.GetAsync("/read", _server.IssueToken("read"));
        await held.WaitForCallsAsync(1);
        Assert.False(request.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));

        using HttpResponseMessage response = await request;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter!.Delta);
        Assert.Empty(response.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task Application_code_that_ignores_cancellation_does_not_outlast_Timeout()
    {
        var time = new ManualTimeProvider();
        var asked = new TaskCompletionSource();
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ =>
                {
                    asked.SetResult();
                    return new ValueTask<string>(new TaskCompletionSource<string>().Task);
                }),
            time
        );

        Task<HttpResponseMessage> request = api.GetAsync("/read", "token");
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(5));

        using HttpResponseMessage response = await request;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task A_call_with_an_endless_body_ends_after_Timeout()
    {
        var time = new ManualTimeProvider();
        var started = new TaskCompletionSource();
        await using TestApi api = await TestApi.StartAsync(_server, time: time);
        _server.RespondWith(async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{\"active\":");
            await context.Response.Body.FlushAsync();
            started.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
        });

        Task<HttpResponseMessage> request = api.GetAsync("/read", "token");
        await started.Task;
        time.Advance(TimeSpan.FromSeconds(5));

        using HttpResponseMessage response = await request;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task An_exception_of_the_network_at_the_timeout_counts_as_a_timeout()
    {
        var time = new ManualTimeProvider();
        var handler = new ThrowsWhenCancelled();
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Time = time,
                Schemes = [],
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(options => options.UseAttio());
                    services
                        .AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName("OAuthIntrospection"))
                        .ConfigurePrimaryHttpMessageHandler(() => handler);
                },
            }
        );

        Task<HttpResponseMessage> request = api.GetAsync("/read", "token");
        await handler.Asked;
        time.Advance(TimeSpan.FromSeconds(5));

        using HttpResponseMessage response = await request;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    private sealed class ThrowsWhenCancelled : HttpMessageHandler
    {
        private readonly TaskCompletionSource _asked = new();

        public Task Asked => _asked.Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _asked.SetResult();
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException exception)
            {
                throw new IOException("The connection broke while it was given up.", exception);
            }

            throw new InvalidOperationException("unreachable");
        }
    }
}
