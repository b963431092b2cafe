using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.FakeServer;

/// <summary>What a test sends reaches no server but the fake.</summary>
public sealed class OfflineTests
{
    private const string Own = OAuthIntrospectionDefaults.AuthenticationScheme;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(7); // no other timer has this length

    [Fact]
    public async Task A_test_that_names_a_scheme_which_the_application_does_not_have_stops_its_start()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(["Customers"], [Own]));

        Assert.Equal(
            "UseFakeAuthorizationServer: there is no introspection scheme \"OAuthIntrospection\", and the calls of Customers would go to "
                + "the real server. Name the scheme: UseFakeAuthorizationServer(server, \"Customers\").",
            fault.Message
        );
    }

    [Theory]
    [InlineData("one scheme keeps its own server", new[] { "a", "b" }, new[] { "a" })]
    [InlineData("a scheme is added later", new[] { "a" }, new[] { "a", "later" })]
    [InlineData("all schemes are added later", new string[0], new[] { "later" })]
    public async Task An_application_starts_when(string reason, string[] schemes, string[] faked)
    {
        Exception? fault = await Record.ExceptionAsync(() => StartAsync(schemes, faked));

        Assert.True(fault is null, $"{reason}: {fault}");
    }

    [Fact]
    public async Task A_poller_gets_no_events_from_another_machine()
    {
        await using var server = FakeAuthorizationServer.Create();
        var time = new ManualTimeProvider();
        await using TestApi api = await StartPollerAsync(server, "https://no-such-host.invalid/poll", time);

        await time.WaitForTimersAsync(s_interval, 1); // after a poll that returned no events

        Assert.Equal((0, 0), (api.Log.Count("PollFailed"), server.CallCount));
    }

    [Fact]
    public async Task A_poller_asks_a_transmitter_on_this_machine()
    {
        var polled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using StubServer transmitter = await StubServer.StartAsync(context =>
        {
            polled.TrySetResult();
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("""{"sets":{}}""");
        });
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartPollerAsync(server, transmitter.Address + "poll", new ManualTimeProvider());

        await polled.Task.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
    }

    private static async Task StartAsync(string[] schemes, string[] faked)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                {
                    var builder = services.AddAuthentication();
                    foreach (string scheme in schemes)
                        builder.AddOAuthIntrospection(scheme, Configure);
                },
                Schemes = faked,
            }
        );
    }

    private static Task<TestApi> StartPollerAsync(FakeAuthorizationServer server, string endpoint, ManualTimeProvider time) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Time = time,
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(Configure);
                    services.AddSecurityEventPoller(options =>
                    {
                        options.Endpoint = endpoint;
                        options.Audiences.Add("https://api.example.com");
                        options.Interval = s_interval;
                    });
                },
            }
        );

    private static void Configure(OAuthIntrospectionOptions options)
    {
        options.Authority = "https://auth.example.com";
        options.ClientId = "api";
        options.ClientSecret = "the-real-secret";
    }
}
