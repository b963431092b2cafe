using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using static IntrospectionAuth.Tests.Discovery.MetadataServer;

namespace IntrospectionAuth.Tests.Discovery;

/// <summary>A proxy in front fails at one well-known URL, and passes another on: the good document serves.</summary>
public sealed class WellKnownUrlsBehindProxiesTests
{
    private static readonly Dictionary<string, RequestDelegate> s_failures = new(StringComparer.Ordinal)
    {
        ["404"] = Status(404),
        ["401"] = Status(401),
        ["403"] = Status(403),
        ["429"] = Status(429),
        ["500"] = Status(500),
        ["502"] = Status(502),
        ["503"] = Status(503),
        ["504"] = Status(504),
        ["204"] = Status(204),
        ["redirect"] = static context =>
        {
            context.Response.Redirect("/login");
            return Task.CompletedTask;
        },
        ["HTML"] = static context => WriteAsync(context, "<html>Log in</html>", "text/html"),
        ["HTML that says it is JSON"] = static context => WriteAsync(context, "<html>Log in</html>"),
        ["nothing"] = static context => WriteAsync(context, ""),
        ["JSON of something else"] = static context => WriteAsync(context, """{"status":"ok"}"""),
        ["another issuer"] = static context =>
            WriteAsync(context, """{"issuer":"https://evil.example.com","introspection_endpoint":"https://evil.example.com/introspect"}"""),
        ["no endpoint"] = static context => WriteAsync(context, $$"""{"issuer":"http://{{context.Request.Host}}/tenant"}"""),
        ["a broken connection"] = static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        },
        ["a body that breaks off"] = static async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            context.Abort();
        },
    };

    private static readonly string[] s_forms = ["/tenant" + OpenId, OAuth + "/tenant", OpenId + "/tenant"];

    public static TheoryData<string, int> FailuresAndGoodForms
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string failure in s_failures.Keys)
            {
                for (int form = 0; form < s_forms.Length; form++)
                    data.Add(failure, form);
            }

            return data;
        }
    }

    public static TheoryData<string, string> PairsOfFailures
    {
        get
        {
            var data = new TheoryData<string, string>();
            string[] failures = ["404", "429", "502", "redirect", "another issuer", "a broken connection"];
            foreach (string first in failures)
            {
                foreach (string second in failures)
                    data.Add(first, second);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(FailuresAndGoodForms))]
    public async Task A_good_document_is_used_regardless_of_the_other_URLs(string failure, int goodForm)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        foreach (string form in s_forms)
            server.On(form, s_failures[failure]);
        server.Publish(s_forms[goodForm], server.Url + "/tenant");
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url + "/tenant");

        Assert.Equal(200, await api.GetAsync("token"));
        Assert.DoesNotContain("GET /login", server.Requests);
        Assert.Equal(0, api.Signal.Count("CircuitOpened"));
    }

    [Theory]
    [MemberData(nameof(PairsOfFailures))]
    public async Task A_good_document_at_the_last_URL_is_used_regardless_of_the_first_two(string first, string second)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.On(s_forms[0], s_failures[first]);
        server.On(s_forms[1], s_failures[second]);
        server.Publish(s_forms[2], server.Url + "/tenant");
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url + "/tenant");

        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    public async Task A_hanging_URL_delays_the_good_one_only_by_its_share_of_the_time(int hanging, int good)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Task arrived = Hold(server, s_forms[hanging]).Arrived;
        server.Publish(s_forms[good], server.Url + "/tenant");
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url + "/tenant");

        Task<int> request = api.GetAsync("token");
        await arrived;
        api.Time.Advance(TimeSpan.FromSeconds(1.7)); // a third of Timeout

        Assert.Equal(200, await request);
    }

    [Fact]
    public async Task A_slow_URL_is_still_used()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Gate gate = Hold(server, s_forms[0]);
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url + "/tenant");

        Task<int> request = api.GetAsync("token");
        await gate.Arrived;
        api.Time.Advance(TimeSpan.FromSeconds(1.7));
        await server.WaitForAsync("GET " + s_forms[2]);
        api.Time.Advance(TimeSpan.FromSeconds(3)); // 4.7 of 5 seconds
        gate.Release();

        Assert.Equal(200, await request);
    }

    [Fact]
    public async Task All_URLs_together_take_at_most_Timeout()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Task[] arrived = [.. s_forms.Select(form => Hold(server, form).Arrived)];
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url + "/tenant");

        Task<int> request = api.GetAsync("token");
        await arrived[0];
        api.Time.Advance(TimeSpan.FromSeconds(1.7));
        await arrived[1];
        api.Time.Advance(TimeSpan.FromSeconds(1.7));
        await arrived[2];
        api.Time.Advance(TimeSpan.FromSeconds(1.6));

        Assert.Equal(503, await request);
        await api.Signal.WaitForAsync("TimedOut");
    }

    [Theory]
    [InlineData("404", "502", "UnexpectedStatus", "responded with 502")]
    [InlineData("502", "404", "UnexpectedStatus", "responded with 502")]
    [InlineData("404", "401", "DiscoveryFailed", "status 401")]
    [InlineData("another issuer", "502", "DiscoveryFailed", "its issuer is not Authority")]
    [InlineData("502", "another issuer", "DiscoveryFailed", "its issuer is not Authority")]
    [InlineData("no endpoint", "a broken connection", "DiscoveryFailed", "its introspection_endpoint is not there")]
    [InlineData("a broken connection", "502", "UnexpectedStatus", "responded with 502")]
    [InlineData("a broken connection", "404", "Unreachable", "cannot be reached")]
    public async Task The_log_names_the_most_informative_of_several_reasons(string first, string second, string eventName, string words)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.On(s_forms[0], s_failures[first]);
        server.On(s_forms[1], s_failures[second]);
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url + "/tenant");

        Assert.Equal(503, await api.GetAsync("token"));
        Assert.Equal(1, api.Signal.Count(eventName));
        Assert.Contains(words, api.Log, StringComparison.Ordinal);
    }

    private static RequestDelegate Status(int status) =>
        context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };

    private static Gate Hold(MetadataServer server, string path) => server.HoldAt(path, server.Describe(server.Url + "/tenant"));
}
