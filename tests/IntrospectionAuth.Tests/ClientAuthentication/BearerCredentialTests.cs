using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.ClientAuthentication;

/// <summary>A bearer token obtained for the purpose, from code of the application.</summary>
public sealed class BearerCredentialTests
{
    [Fact]
    public async Task The_token_that_the_delegate_returns_authorizes_the_call()
    {
        await using FakeAuthorizationServer server = CreateServer();
        string token = server.IssueToken();
        await using TestApi api = await StartAsync(
            server,
            async context =>
            {
                await Task.Yield();
                Assert.Equal(OAuthIntrospectionDefaults.AuthenticationScheme, context.Scheme);
                Assert.Equal(token, context.Token);
                return "token-of-the-api";
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/me", token);

        IntrospectionCall call = Assert.Single(server.Calls);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Bearer token-of-the-api", call.Headers.Authorization);
        Assert.Equal("token token_type_hint", string.Join(' ', call.Parameters.Keys.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task The_delegate_runs_for_each_call_and_not_for_cached_responses()
    {
        int runs = 0;
        await using FakeAuthorizationServer server = CreateServer();
        string first = server.IssueToken();
        string second = server.IssueToken();
        await using TestApi api = await StartAsync(
            server,
            _ =>
            {
                runs++;
                return ValueTask.FromResult("token-of-the-api");
            }
        );

        foreach (string token in new[] { first, first, second, first, second })
            (await api.GetAsync("/me", token)).EnsureSuccessStatusCode().Dispose();

        Assert.Equal(2, runs);
    }

    [Theory]
    [InlineData("marker\r\nX-Injected: yes")]
    [InlineData("marker\r\n\r\nmarker")]
    [InlineData("marker\n")]
    [InlineData("\rmarker")]
    [InlineData("marker\0")]
    [InlineData("marker marker")]
    [InlineData(" marker")]
    [InlineData("marker\t")]
    [InlineData("marker\u00E9")]
    [InlineData("marker\u007F")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_token_that_is_invalid_in_a_header_is_503_without_a_call_and_never_logged(string? credential)
    {
        await using FakeAuthorizationServer server = CreateServer();
        await using TestApi api = await StartAsync(server, _ => ValueTask.FromResult(credential!));

        using HttpResponseMessage response = await api.GetAsync("/me", server.IssueToken());

        await AssertUnavailableAndSilentAsync(api, response);
        Assert.DoesNotContain("marker", api.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_delegate_that_throws_is_503_without_a_call_and_without_details_for_the_caller(bool later)
    {
        await using FakeAuthorizationServer server = CreateServer();
        await using TestApi api = await StartAsync(
            server,
            async _ =>
            {
                if (later)
                    await Task.Yield();
                throw new TimeZoneNotFoundException("marker");
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/me", server.IssueToken());

        await AssertUnavailableAndSilentAsync(api, response);
    }

    [Fact]
    public async Task A_delegate_that_throws_synchronously_yields_503()
    {
        await using FakeAuthorizationServer server = CreateServer();
        await using TestApi api = await StartAsync(server, _ => throw new OperationCanceledException("marker"));

        using HttpResponseMessage response = await api.GetAsync("/me", server.IssueToken());

        await AssertUnavailableAndSilentAsync(api, response);
    }

    [Fact]
    public async Task A_delegate_that_failed_runs_again_for_the_next_request()
    {
        int runs = 0;
        await using FakeAuthorizationServer server = CreateServer();
        string token = server.IssueToken();
        await using TestApi api = await StartAsync(
            server,
            _ => runs++ == 0 ? throw new TimeZoneNotFoundException() : ValueTask.FromResult("token-of-the-api")
        );

        using HttpResponseMessage first = await api.GetAsync("/me", token);
        using HttpResponseMessage second = await api.GetAsync("/me", token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Fact]
    public async Task A_delegate_that_never_returns_ends_at_the_timeout()
    {
        var time = new ManualTimeProvider();
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FakeAuthorizationServer server = CreateServer();
        await using TestApi api = await StartAsync(
            server,
            _ =>
            {
                running.SetResult();
                return new ValueTask<string>(new TaskCompletionSource<string>().Task); // it ignores its cancellation
            },
            time
        );

        Task<HttpResponseMessage> asking = api.GetAsync("/me", server.IssueToken());
        await running.Task;
        time.Advance(TimeSpan.FromSeconds(5));
        using HttpResponseMessage response = await asking;

        await AssertUnavailableAndSilentAsync(api, response);
    }

    [Fact]
    public async Task A_delegate_that_blocks_occupies_at_most_MaximumConcurrentCalls_threads()
    {
        var time = new ManualTimeProvider();
        using var entered = new SemaphoreSlim(0);
        using var released = new ManualResetEventSlim();
        await using FakeAuthorizationServer server = CreateServer();
        string token = server.IssueToken();
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                options.Resilience.MaximumConcurrentCalls = 1;
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ =>
                {
                    entered.Release();
                    released.Wait(TimeSpan.FromMinutes(1));
                    return new("token-of-the-api");
                });
            },
            time
        );
        Task<HttpResponseMessage> first = api.GetAsync("/me", token);
        await entered.WaitAsync();
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await first).StatusCode);

        Task<HttpResponseMessage> second = api.GetAsync("/me", token);
        Task another = entered.WaitAsync(); // on a second thread
        Assert.Same(second, await Task.WhenAny(second, another));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await second).StatusCode);
        Assert.Equal(0, server.CallCount);

        released.Set();
        HttpStatusCode status = HttpStatusCode.ServiceUnavailable;
        for (int i = 0; status != HttpStatusCode.OK && i < 1000; i++) // the thread says nothing when it returns
        {
            using HttpResponseMessage response = await api.GetAsync("/me", token);
            status = response.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, status);
        await another;
    }

    [Fact]
    public async Task A_request_without_credentials_reaches_no_handler_after_the_timeout()
    {
        var time = new ManualTimeProvider();
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FakeAuthorizationServer server = CreateServer();
        var counter = new CountingHandler();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                            options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ =>
                            {
                                running.SetResult();
                                return new ValueTask<string>(new TaskCompletionSource<string>().Task);
                            })
                        );
                    services
                        .AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName("OAuthIntrospection"))
                        .AddHttpMessageHandler(() => counter);
                },
                Time = time,
            }
        );

        Task<HttpResponseMessage> asking = api.GetAsync("/me", server.IssueToken());
        await running.Task;
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), ((await asking).StatusCode, counter.Count));
    }

    [Fact]
    public async Task The_exception_of_a_delegate_is_the_inner_exception_of_the_failure()
    {
        await using FakeAuthorizationServer server = CreateServer();
        await using TestApi api = await StartAsync(server, _ => throw new TimeZoneNotFoundException("marker"));

        AuthenticateResult result = await api.AuthenticateAsync(server.IssueToken());

        Assert.IsType<TimeZoneNotFoundException>(result.Failure!.InnerException);
    }

    private static FakeAuthorizationServer CreateServer() =>
        FakeAuthorizationServer.Create(options =>
        {
            options.RequiredClientAuthenticationMethod = "bearer";
            options.RequiredBearerToken = "token-of-the-api";
        });

    private static Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        Func<ClientAuthenticationContext, ValueTask<string>> obtainToken,
        TimeProvider? time = null
    ) =>
        TestApi.StartAsync(
            server,
            options => options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(obtainToken),
            time
        );

    private static async Task AssertUnavailableAndSilentAsync(TestApi api, HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("5", Assert.Single(response.Headers.GetValues("Retry-After")));
        Assert.DoesNotContain("marker", response + await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, api.Server.CallCount);
    }

    private sealed class CountingHandler : DelegatingHandler
    {
        public int Count { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Count++;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
