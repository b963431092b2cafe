using System.Collections.Concurrent;
using System.Net;
using System.Text;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.ClientCredentials;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Introspection;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Events;

/// <summary>The event between receiving and parsing a response.</summary>
public sealed class ResponseReceivedTests : BadDayTest
{
    private const string Active = """{"active":true,"scope":"read"}""";

    [Fact]
    public async Task The_event_runs_once_for_each_call_and_never_on_a_hit()
    {
        var seen = new List<string>();
        await using TestApi api = await StartAsync(options =>
        {
            options.Realm = "mine";
            options.Events.OnResponseReceived = context =>
            {
                string body = Encoding.UTF8.GetString(context.Body.Span);
                seen.Add(
                    $"{context.Scheme} {context.Options.Realm} {context.StatusCode} {context.ContentType} {body} "
                        + $"{context.CancellationToken.CanBeCanceled}"
                );
                return Task.CompletedTask;
            };
        });
        Server.RespondWith(200, Active, "application/json; charset=utf-8");

        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, "one"));
        Assert.Equal((HttpStatusCode.OK, 0), await SendAsync(api, "one"));
        Server.RespondWith(418, contentType: null);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api, "two"));

        Assert.Equal(
            [$"OAuthIntrospection mine 200 application/json; charset=utf-8 {Active} True", "OAuthIntrospection mine 418   True"],
            seen
        );
    }

    [Fact]
    public async Task The_event_can_replace_status_content_type_and_body()
    {
        await using TestApi api = await StartAsync(options =>
            options.Events.OnResponseReceived = context =>
            {
                context.StatusCode = 200;
                context.ContentType = "application/json";
                context.Body = Encoding.UTF8.GetBytes(Active);
                return Task.CompletedTask;
            }
        );
        Server.RespondWith(404, "<html>", "text/html");

        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, "token"));
    }

    [Theory]
    [InlineData(200, "application/json", "[]", 503)]
    [InlineData(200, "application/json", "{\"active\":\"true\"}", 503)]
    [InlineData(200, "application/json", "{\"active\":true,\"active\":true}", 503)]
    [InlineData(200, "application/json", "{\"active\":false}", 401)]
    [InlineData(200, "application/json", "", 503)]
    [InlineData(200, "text/html", Active, 503)]
    [InlineData(200, null, Active, 503)]
    [InlineData(200, "application/json\r\nX-Injected: yes", Active, 503)]
    [InlineData(201, "application/json", Active, 503)]
    [InlineData(400, "application/json", "{\"error\":\"unsupported_token_type\"}", 401)]
    [InlineData(401, "application/json", "{\"error\":\"invalid_client\"}", 503)]
    public async Task A_replaced_response_is_parsed_like_any_other(int status, string? contentType, string body, int expected)
    {
        await using TestApi api = await StartAsync(options =>
            options.Events.OnResponseReceived = context =>
            {
                context.StatusCode = status;
                context.ContentType = contentType;
                context.Body = Encoding.UTF8.GetBytes(body);
                return Task.CompletedTask;
            }
        );

        Assert.Equal(expected, (int)(await SendAsync(api)).Status);
    }

    [Fact]
    public async Task A_response_whose_content_type_the_event_removes_has_none()
    {
        await using TestApi api = await StartAsync(options =>
            options.Events.OnResponseReceived = context =>
            {
                context.ContentType = null;
                return Task.CompletedTask;
            }
        );

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync(api)).Status);

        Assert.Contains("its content type is not JSON (it has none)", api.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(600)]
    [InlineData(-1)]
    public async Task An_invalid_status_throws(int status)
    {
        Exception? thrown = null;
        await using TestApi api = await StartAsync(options =>
            options.Events.OnResponseReceived = context =>
            {
                thrown = Record.Exception(() => context.StatusCode = status);
                return Task.CompletedTask;
            }
        );

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(api)).Status);

        Assert.IsType<ArgumentOutOfRangeException>(thrown);
    }

    [Theory]
    [InlineData(200, 503)]
    [InlineData(404, 503)]
    public async Task A_body_that_is_too_long_does_not_reach_the_event(int status, int expected)
    {
        bool isRaised = false;
        await using TestApi api = await StartAsync(options =>
        {
            options.MaximumResponseLength = Active.Length;
            options.Events.OnResponseReceived = _ =>
            {
                isRaised = true;
                return Task.CompletedTask;
            };
        });
        Server.RespondWith(status, Active + " ");

        Assert.Equal(expected, (int)(await SendAsync(api)).Status);

        Assert.False(isRaised);
        Assert.Equal(status == 200, api.Log.Text.Contains("it is longer than MaximumResponseLength", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_endless_body_does_not_reach_the_event()
    {
        await using TestApi api = await StartAsync(options =>
            options.Events.OnResponseReceived = static _ => throw new InvalidOperationException("This must not run.")
        );
        Server.DripBody(new string(' ', 10_000));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync(api)).Status);
    }

    [Fact]
    public async Task A_replacement_body_that_is_too_long_is_an_invalid_response()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.MaximumResponseLength = 1000;
            options.Events.OnResponseReceived = context =>
            {
                context.Body = Encoding.UTF8.GetBytes(Active + new string(' ', 1000));
                return Task.CompletedTask;
            };
        });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync(api)).Status);

        Assert.Contains("it is longer than MaximumResponseLength", api.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_that_the_event_does_not_expose_still_apply()
    {
        await using TestApi api = await StartAsync(options => options.Events.OnResponseReceived = static _ => Task.CompletedTask);
        Server.RespondWith(429, headers: [new("Retry-After", "30")]);

        Assert.Equal(TimeSpan.FromSeconds(30), await AskForRetryAfterAsync(api));
    }

    [Fact]
    public async Task Callers_that_share_a_call_share_the_replaced_response()
    {
        int raised = 0;
        await using TestApi api = await StartAsync(options =>
            options.Events.OnResponseReceived = _ =>
            {
                Interlocked.Increment(ref raised);
                return Task.CompletedTask;
            }
        );
        string token = Server.IssueToken("read");
        using HeldResponses held = Server.HoldResponses();
        Task<HttpStatusCode>[] requests = [.. Enumerable.Range(0, 20).Select(_ => GetAsync(api, token))];
        await held.WaitForCallsAsync(1);
        held.Release();

        Assert.All(await Task.WhenAll(requests), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal((1, 1), (Server.CallCount, raised));
    }

    [Fact]
    public async Task A_retried_call_raises_the_event_again()
    {
        var seen = new ConcurrentQueue<int>();
        await using TestApi api = await StartAsync(options =>
            options.Events.OnResponseReceived = context =>
            {
                seen.Enqueue(context.StatusCode);
                return Task.CompletedTask;
            }
        );
        Server.RespondWith(502, calls: 1);

        Assert.Equal((HttpStatusCode.OK, 2), await SendAsync(api));

        Assert.Equal([502, 200], seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_that_never_completes_ends_with_the_timeout_and_does_not_count_as_a_failure_of_the_server(bool blocks)
    {
        using var released = new ManualResetEventSlim();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isStuck = true;
        await using TestApi api = await StartAsync(options =>
            options.Events.OnResponseReceived = context =>
            {
                if (!isStuck)
                    return Task.CompletedTask;

                reached.SetResult();
                if (!blocks)
                    return new TaskCompletionSource().Task;
                released.Wait(CancellationToken.None);
                return Task.CompletedTask;
            }
        );

        Task<(HttpStatusCode Status, int)> asking = SendAsync(api);
        await reached.Task;
        Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await asking).Status);
        isStuck = false;
        released.Set();
        Assert.DoesNotContain(api.Log.Entries, entry => entry.Event.Name == "CircuitOpened");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(api)).Status);
    }

    [Fact]
    public async Task While_too_many_threads_are_stuck_in_the_event_no_response_passes_without_it()
    {
        using var released = new ManualResetEventSlim();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApi api = await StartAsync(options =>
        {
            options.Resilience.MaximumConcurrentCalls = 1;
            options.Events.OnResponseReceived = _ =>
            {
                reached.SetResult();
                released.Wait(CancellationToken.None);
                return Task.CompletedTask;
            };
        });
        Task<(HttpStatusCode Status, int)> stuck = SendAsync(api);
        await reached.Task;
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await stuck).Status);

        (HttpStatusCode Status, int Calls) next = await SendAsync(api);
        released.Set();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), next);
    }

    [Fact]
    public async Task A_server_whose_keys_do_not_arrive_after_the_event_is_blamed_and_not_the_application()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync(options =>
            options.Events.OnResponseReceived = context =>
            {
                ((ManualTimeProvider)context.Options.TimeProvider!).Advance(TimeSpan.FromSeconds(1)); // the call ends before the fetch
                return Task.CompletedTask;
            }
        );
        Task asked = server.Http.HangAt(SignedServer.Jwks);

        Task<int> request = api.GetAsync("token");
        await asked;
        api.Time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(503, await request);
        LogEntry entry = Assert.Single(api.Entries, entry => entry.Event.Name == "TimedOut");
        Assert.Contains("Look at the authorization server, which responds too slowly", entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_of_the_event_reaches_the_application_and_does_not_count_as_a_failure_of_the_server()
    {
        await using TestApi api = await StartAsync(options =>
            options.Events.OnResponseReceived = static _ => throw new TimeZoneNotFoundException("The handler's own fault.")
        );

        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => SendAsync(api));

        Assert.DoesNotContain(api.Log.Entries, entry => entry.Event.Name is "Unreachable" or "CircuitOpened");
    }

    [Fact]
    public async Task A_background_refresh_raises_the_event_and_logs_its_exception_while_the_cached_response_serves()
    {
        int raised = 0;
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                            options.Events.OnResponseReceived = _ =>
                                Interlocked.Increment(ref raised) == 2
                                    ? throw new TimeZoneNotFoundException("The handler's own fault.")
                                    : Task.CompletedTask
                        ),
                Time = Time,
            }
        );
        string token = Server.IssueToken("read");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(api, token)).Status);

        Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(api, token));
        await api.Log.WaitForAsync("RefreshFailed");

        Assert.Equal((HttpStatusCode.OK, 0), await SendAsync(api, token));
        Assert.Equal(2, raised);
    }

    [Fact]
    public async Task The_health_check_raises_the_event()
    {
        int raised = 0;
        await using TestApi api = await VerdictTests.StartWithHealthAsync(
            Server,
            Time,
            options =>
                options.Events.OnResponseReceived = _ =>
                {
                    raised++;
                    return Task.CompletedTask;
                }
        );

        await VerdictTests.CheckAsync(api);

        Assert.Equal(1, raised);
    }

    [Fact]
    public async Task Events_from_the_container_get_their_own_scope()
    {
        var used = new ConcurrentQueue<Replacement>();
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddSingleton(used)
                        .AddScoped<Replacement>()
                        .AddScoped<ReplacingEvents>()
                        .AddAuthentication()
                        .AddOAuthIntrospection(options => options.EventsType = typeof(ReplacingEvents)),
                Time = Time,
            }
        );
        Server.RespondWith(418);

        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, "token"));

        Assert.True(Assert.Single(used).IsDisposed);
    }

    [Fact]
    public async Task A_derived_class_may_override_the_event()
    {
        await using TestApi api = await StartAsync(options =>
            options.Events = new ReplacingEvents(new Replacement(), new ConcurrentQueue<Replacement>())
        );
        Server.RespondWith(418);

        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, "token"));
    }

    [Fact]
    public void Without_a_handler_the_response_is_parsed_unchanged()
    {
        Assert.False(ResponseAdapter.IsWanted(new OAuthIntrospectionOptions()));
        Assert.True(ResponseAdapter.IsWanted(new OAuthIntrospectionOptions { EventsType = typeof(ReplacingEvents) }));
    }

    [Theory]
    [InlineData("untouched", 200)]
    [InlineData("plain JSON", 503)]
    [InlineData("plain JSON that calls itself signed", 503)]
    [InlineData("another signature", 503)]
    public async Task The_event_cannot_bypass_required_signed_responses(string what, int expected)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync(options =>
            options.Events.OnResponseReceived = context =>
            {
                string text = Encoding.ASCII.GetString(context.Body.Span);
                context.ContentType = what == "plain JSON" ? "application/json" : context.ContentType;
                context.Body = what switch
                {
                    "untouched" => context.Body,
                    "another signature" => Encoding.ASCII.GetBytes(text[..(text.LastIndexOf('.') + 1)] + new string('A', 86)),
                    _ => Encoding.ASCII.GetBytes(Active),
                };
                return Task.CompletedTask;
            }
        );

        Assert.Equal(expected, await api.GetAsync("token"));
    }

    [Fact]
    public async Task Requests_for_metadata_keys_and_tokens_do_not_raise_the_event()
    {
        int raised = 0;
        await using TokenServer server = await TokenServer.StartAsync();
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(
            server.Url,
            options =>
            {
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials;
                options.Events.OnResponseReceived = _ =>
                {
                    raised++;
                    return Task.CompletedTask;
                };
            }
        );

        Assert.Equal(200, await api.GetAsync("token"));

        Assert.Equal((1, 1), (raised, server.TokenRequests.Count));
    }

    [Fact]
    public async Task Nothing_of_the_body_is_logged()
    {
        await using TestApi api = await StartAsync(options => options.Events.OnResponseReceived = static _ => Task.CompletedTask);
        Server.RespondWith(200, """{"active":true,"scope":"read","sub":"marker-of-a-user"}""");
        await SendAsync(api, "one");
        Server.RespondWith(200, "marker-of-a-user");
        await SendAsync(api, "two");
        Server.RespondWith(400, """{"error":"marker-of-a-user"}""");
        await SendAsync(api, "three");

        Assert.DoesNotContain("marker-of-a-user", api.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removal_and_a_stopped_application_end_the_wait_for_the_event()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TestApi api = await StartAsync(options =>
            options.Events.OnResponseReceived = context =>
            {
                reached.SetResult();
                return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            }
        );
        Task<HttpStatusCode> asking = GetAsync(api, Server.IssueToken("read"));
        await reached.Task;

        await api.Services.GetRequiredService<CallRunner>().DisposeAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await asking);
        await api.DisposeAsync();
    }

    private static async Task<HttpStatusCode> GetAsync(TestApi api, string token)
    {
        using HttpResponseMessage response = await api.GetAsync("/read", token);
        return response.StatusCode;
    }

    private sealed class Replacement : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public byte[] Body { get; } = Encoding.UTF8.GetBytes(Active);

        public void Dispose() => IsDisposed = true;
    }

    private sealed class ReplacingEvents(Replacement replacement, ConcurrentQueue<Replacement> used) : OAuthIntrospectionEvents
    {
        public override Task ResponseReceived(ResponseReceivedContext context)
        {
            context.StatusCode = 200;
            context.Body = replacement.Body;
            used.Enqueue(replacement);
            return Task.CompletedTask;
        }
    }
}
