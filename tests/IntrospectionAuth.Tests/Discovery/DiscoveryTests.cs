using System.Text;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Resilience;
using IntrospectionAuth.Server;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static IntrospectionAuth.Tests.Discovery.MetadataServer;

namespace IntrospectionAuth.Tests.Discovery;

/// <summary>The introspection endpoint is found by the issuer alone, over a real socket.</summary>
public sealed class DiscoveryTests
{
    [Theory]
    [InlineData("", OpenId, 1)]
    [InlineData("", OAuth, 2)]
    [InlineData("/", OpenId, 1)]
    [InlineData("/tenant", "/tenant" + OpenId, 1)]
    [InlineData("/tenant", OAuth + "/tenant", 2)]
    [InlineData("/tenant", OpenId + "/tenant", 3)]
    [InlineData("/tenant/", "/tenant" + OpenId, 1)]
    [InlineData("/tenant/", OAuth + "/tenant", 2)]
    [InlineData("/a/b", OAuth + "/a/b", 2)]
    public async Task The_endpoint_is_discovered_at_each_well_known_URL(string path, string wellKnown, int requests)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.Publish(wellKnown, server.Url + path);
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url + path);

        Assert.Equal(200, await api.GetAsync("one"));
        Assert.Equal(200, await api.GetAsync("two"));

        Assert.Equal(requests, server.Requests.Count(it => it.StartsWith("GET ", StringComparison.Ordinal)));
        Assert.Equal($"GET {wellKnown}", server.Requests.Last(it => it.StartsWith("GET ", StringComparison.Ordinal)));
        Assert.Equal(2, server.Count("POST /introspect"));
        Assert.Equal(1, api.Signal.Count("Discovered"));
        Assert.Contains($"discovered the introspection endpoint {server.Url}/introspect", api.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_of_a_gateway_counts_once_for_every_caller_that_waits_for_the_metadata()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.On(
            OpenId,
            async context =>
            {
                await released.Task;
                server.Publish(); // for those who come after
                context.Response.StatusCode = StatusCodes.Status502BadGateway;
            }
        );
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        Task<int>[] crowd = [.. Enumerable.Range(0, 20).Select(i => api.GetAsync($"token-{i}"))];
        await server.WaitForAsync("GET " + OpenId);
        await api.WaitForCallsAsync(crowd.Length, fetches: 1);
        released.SetResult();

        Assert.All(await Task.WhenAll(crowd), status => Assert.Equal(200, status));
        Assert.Equal((2, 0), (server.Count("GET " + OpenId), api.Signal.Count("CircuitOpened")));
    }

    [Fact]
    public async Task A_configured_endpoint_is_not_discovered()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.Publish(endpoint: "/other");
        server.RespondAt("/introspect", $$"""{"active":true,"scope":"read","iss":"{{server.Url}}"}""");
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(
            server.Url,
            options => options.IntrospectionEndpoint = server.Url + "/introspect"
        );

        Assert.Equal(200, await api.GetAsync("token"));
        server.RespondAt("/introspect", """{"active":true,"scope":"read","iss":"https://elsewhere.example.com"}""");
        Assert.Equal(401, await api.GetAsync("another")); // Authority is still compared.

        Assert.Equal(["POST /introspect", "POST /introspect"], server.Requests);
    }

    [Theory]
    [InlineData("/", "")]
    [InlineData("", "/")]
    [InlineData("/tenant", "/Tenant")]
    [InlineData("/tenant", "/tenant/")]
    [InlineData("/tenant", "")]
    [InlineData("/tenant", "/other")]
    [InlineData("/tenant", "/tenant%2F")]
    public async Task Metadata_of_another_issuer_is_rejected(string path, string issuer)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        foreach (string wellKnown in (string[])[OpenId, OAuth, path.TrimEnd('/') + OpenId, OAuth + path, OpenId + path])
            server.Publish(wellKnown, server.Url + issuer);
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url + path);

        await AssertNotDiscoveredAsync(api, server, "issuer");
    }

    [Theory]
    [InlineData("\"token_endpoint\":\"\\ud800\"")]
    [InlineData("\"token_endpoint\":\"http://user@auth.example.com/token\"")]
    [InlineData("\"mtls_endpoint_aliases\":{\"token_endpoint\":\"\\ud800\"}")]
    public async Task A_token_endpoint_that_is_not_needed_makes_no_metadata_unusable(string member)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.PublishText(OpenId, server.Describe().Replace("}", $",{member}}}", StringComparison.Ordinal));
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Fact]
    public async Task The_log_names_an_additional_slash()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.Publish();
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url + "/");

        await AssertNotDiscoveredAsync(api, server, "its issuer differs from Authority by the slash at the end");
    }

    [Theory]
    [InlineData("""{"introspection_endpoint":"URL/introspect"}""", "it has no issuer")]
    [InlineData("""{"issuer":null,"introspection_endpoint":"URL/introspect"}""", "it has no issuer")]
    [InlineData("""{"issuer":["URL"],"introspection_endpoint":"URL/introspect"}""", "it has no issuer")]
    [InlineData("""{"issuer":"URL"}""", "its introspection_endpoint is not there")]
    [InlineData("""{"issuer":"URL","introspection_endpoint":""}""", "its introspection_endpoint is not there")]
    [InlineData("""{"issuer":"URL","introspection_endpoint":7}""", "its introspection_endpoint is not there")]
    [InlineData("""{"issuer":"URL","introspection_endpoint":"/introspect"}""", "not an absolute https URL")]
    [InlineData("""{"issuer":"URL","introspection_endpoint":"ftp://127.0.0.1/introspect"}""", "not an absolute https URL")]
    [InlineData("""{"issuer":"URL","introspection_endpoint":"http://auth.example.com/introspect"}""", "plain http")]
    [InlineData("""{"issuer":"URL","introspection_endpoint":"http://127.0.0.1.example.com/introspect"}""", "plain http")]
    [InlineData(
        """{"issuer":"URL","introspection_endpoint":"https://a:b@auth.example.com/introspect"}""",
        "user information or a fragment"
    )]
    [InlineData("""{"issuer":"URL","introspection_endpoint":"https://auth.example.com/introspect#a"}""", "user information or a fragment")]
    [InlineData("""{"issuer":"https://evil.example.com","issuer":"URL","introspection_endpoint":"URL/introspect"}""", "has a member twice")]
    [InlineData(
        """{"issuer":"URL","introspection_endpoint":"URL/introspect","introspection_endpoint":"URL/introspect"}""",
        "has a member twice"
    )]
    [InlineData("""{"issuer":"URL","introspection_endpoint":"URL/introspect","x":{"a":1,"a":2}}""", "has a member twice")]
    [InlineData(
        """{"issuer":"URL","introspection_endpoint":"URL/introspect","mtls_endpoint_aliases":{"introspection_endpoint":"http://auth.example.com/mtls"}}""",
        "mtls_endpoint_aliases is plain http"
    )]
    [InlineData("""{"issuer":"URL","introspection_endpoint":"URL/introspect"}{}""", "it is not JSON")]
    [InlineData("""{"issuer":"URL","introspection_endpoint":"URL/introspect",}""", "it is not JSON")]
    [InlineData("""{"issuer":"URL","introspection_endpoint":"\ud800"}""", "not Unicode")]
    [InlineData("""[{"issuer":"URL","introspection_endpoint":"URL/introspect"}]""", "it is not a JSON object")]
    [InlineData("null", "it is not a JSON object")]
    [InlineData("", "it is not JSON")]
    public async Task Invalid_metadata_is_rejected(string document, string fault)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.PublishText(OpenId, document.Replace("URL", server.Url, StringComparison.Ordinal));
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        await AssertNotDiscoveredAsync(api, server, fault);
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public async Task Metadata_is_nested_at_most_32_levels(int depth, bool isAccepted)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        string nested = new string('[', depth - 1) + new string(']', depth - 1);
        server.PublishText(OpenId, $$"""{"issuer":"{{server.Url}}","introspection_endpoint":"{{server.Url}}/introspect","x":{{nested}}}""");
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        Assert.Equal(isAccepted ? 200 : 503, await api.GetAsync("token"));
    }

    [Fact]
    public async Task Metadata_that_is_not_UTF_8_is_rejected()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.On(
            OpenId,
            async context =>
            {
                context.Response.ContentType = "application/json";
                await context.Response.Body.WriteAsync(
                    (byte[])
                        [
                            .. Encoding.UTF8.GetBytes(
                                $$"""{"issuer":"{{server.Url}}","introspection_endpoint":"{{server.Url}}/introspect","x":" """
                            ),
                            0xC3,
                            0x28,
                            .. "\"}"u8,
                        ]
                );
            }
        );
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        await AssertNotDiscoveredAsync(api, server, "it is not UTF-8");
    }

    [Fact]
    public async Task Metadata_with_a_byte_order_mark_is_read()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.PublishText(OpenId, '\uFEFF' + server.Describe());
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Theory]
    [InlineData("application/json;")]
    [InlineData("application/json; charset=utf-8;")]
    public async Task Metadata_whose_content_type_has_an_empty_parameter_is_read(string contentType)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.PublishText(OpenId, server.Describe(), contentType);
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Fact]
    public async Task Metadata_of_another_content_type_is_rejected()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.PublishText(OpenId, server.Describe(), "text/html");
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        await AssertNotDiscoveredAsync(api, server, "its content type is not JSON");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_document_that_is_too_long_is_rejected_and_not_read_to_its_end(bool saysLength)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.On(
            OpenId,
            async context =>
            {
                context.Response.ContentType = "application/json";
                if (saysLength)
                    context.Response.ContentLength = 1_000_000_000_000;
                byte[] spaces = new byte[65536];
                spaces.AsSpan().Fill((byte)' ');
                while (!context.RequestAborted.IsCancellationRequested)
                    await context.Response.Body.WriteAsync(spaces, context.RequestAborted);
            }
        );
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        await AssertNotDiscoveredAsync(api, server, "it is longer than MaximumResponseLength");
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.Publish("/elsewhere");
        server.RespondAt(OpenId, status, location: "/elsewhere");
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        await AssertNotDiscoveredAsync(api, server, $"{OpenId}: status {status}");
        Assert.Equal(0, server.Count("GET /elsewhere"));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_failed_discovery_is_not_cached(int status)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.RespondAt(OpenId, status);
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        using HttpResponseMessage response = await api.SendAsync("token");
        server.Publish();

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal("5", response.Headers.GetValues("Retry-After").Single());
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Fact]
    public async Task A_server_that_starts_later_is_found()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        Assert.Equal(503, await api.GetAsync("token"));
        server.Publish();

        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Fact]
    public async Task Retry_After_of_the_metadata_is_honored()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.RespondAt(OpenId, 503, retryAfter: "30");
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        using HttpResponseMessage response = await api.SendAsync("token");
        server.Publish();

        Assert.Equal("30", response.Headers.GetValues("Retry-After").Single());
        Assert.Equal(503, await api.GetAsync("token"));
        Assert.Single(server.Requests);
        api.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Fact]
    public async Task A_hanging_search_ends_with_the_timeout_and_is_repeated_after_the_pause()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Task arrived = server.HangAt(OpenId);
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        Task<int> first = api.GetAsync("token");
        await arrived;
        Task search = api.Services.GetRequiredService<ServerDiscovery>().FindAsync(ServerOf(api).Scheme, default, default);
        api.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(503, await first);
        await api.Signal.WaitForAsync("TimedOut");
        await api.Signal.WaitForAsync("CircuitOpened");
        await search; // it ends a moment after the call that began it
        server.Publish();
        Assert.Equal(503, await api.GetAsync("token")); // At once: no other caller waits for a server that hangs.
        api.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Fact]
    public async Task A_caller_that_joins_a_hanging_search_late_gets_its_timeout()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Task arrived = server.HangAt(OpenId);
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);
        Task<int> first = api.GetAsync("one");
        await arrived;
        api.Time.Advance(TimeSpan.FromSeconds(4));
        SchemeServer asked = ServerOf(api);
        using var call = new IntrospectionCall(asked.Scheme, "two", CancellationToken.None);
        Task<IntrospectionResult> late = api.Services.GetRequiredService<ServerIntrospector>().IntrospectAsync(asked, call);
        api.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(503, await first);
        Assert.Equal("timeout", (await late).Unavailability?.ErrorType);
        await api.Signal.WaitForAsync("TimedOut");
        Assert.Equal(0, api.Signal.Count("TooManyCalls"));
        Assert.Equal(1, server.Count($"GET {OpenId}"));
    }

    [Fact]
    public async Task A_wrong_issuer_is_logged_once_beside_the_expected_one_and_not_for_each_request()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.Publish(issuer: "https://evil.example.com");
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        for (int i = 0; i < 20; i++)
            Assert.Equal(503, await api.GetAsync($"token-{i}"));

        Assert.Equal(1, api.Signal.Count("DiscoveryFailed"));
        Assert.Equal(20, server.Count($"GET {OpenId}"));
        Assert.Contains(
            $"its issuer is not Authority (found https://evil.example.com, expected {server.Url}); write Authority exactly as the issuer",
            api.Log,
            StringComparison.Ordinal
        );
        server.Publish();
        Assert.Equal(200, await api.GetAsync("token")); // and the circuit is closed
    }

    [Fact]
    public async Task Two_hundred_first_requests_cause_one_discovery()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Gate gate = server.HoldAt(OpenId, server.Describe());
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        Task<int>[] requests = [.. Enumerable.Range(0, 200).Select(i => api.GetAsync($"token-{i}"))];
        await gate.Arrived;
        gate.Release();
        int[] statuses = await Task.WhenAll(requests);

        Assert.All(statuses, status => Assert.Equal(200, status));
        Assert.Equal(1, server.Count($"GET {OpenId}"));
        Assert.Equal(200, server.Count("POST /introspect"));
    }

    [Fact]
    public async Task A_caller_that_disconnects_does_not_cancel_the_search_of_other_callers()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Gate gate = server.HoldAt(OpenId, server.Describe());
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);
        using var leaving = new CancellationTokenSource();

        Task<int> first = api.GetAsync("one", leaving.Token);
        await gate.Arrived;
        Task<int> second = api.GetAsync("two");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.Release();

        Assert.Equal(200, await second);
        Assert.Equal(1, server.Count($"GET {OpenId}"));
    }

    [Fact]
    public async Task Each_scheme_discovers_with_its_own_client_and_a_reload_with_another_issuer_is_another_server()
    {
        await using MetadataServer one = await MetadataServer.StartAsync();
        await using MetadataServer other = await MetadataServer.StartAsync();
        one.Publish();
        other.Publish();
        other.RespondAt("/introspect", """{"active":false}""");
        IConfigurationManager? settings = null;
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(
            "",
            configuration: configuration =>
            {
                settings = configuration;
                configuration["Authentication:Schemes:OAuthIntrospection:Authority"] = one.Url;
            }
        );
        Assert.Equal(200, await api.GetAsync("token"));

        settings!["Authentication:Schemes:OAuthIntrospection:Authority"] = other.Url;
        ((IConfigurationRoot)settings).Reload();
        int atTheOther = await api.GetAsync("token");
        settings["Authentication:Schemes:OAuthIntrospection:Authority"] = one.Url;
        ((IConfigurationRoot)settings).Reload();
        int again = await api.GetAsync("token");

        Assert.Equal((401, 200), (atTheOther, again)); // No cache entry of one server is used for the other.
        Assert.Equal((1, 1), (one.Count($"GET {OpenId}"), other.Count($"GET {OpenId}")));
        Assert.Equal((1, 1), (one.Count("POST /introspect"), other.Count("POST /introspect")));
    }

    [Theory]
    [InlineData("""{"active":true,"scope":"read"}""", 200)]
    [InlineData("""{"active":true,"scope":"read","iss":"URL"}""", 200)]
    [InlineData("""{"active":true,"scope":"read","iss":null}""", 200)]
    [InlineData("""{"active":true,"scope":"read","iss":"URL/"}""", 401)]
    [InlineData("""{"active":true,"scope":"read","iss":"https://evil.example.com"}""", 401)]
    [InlineData("""{"active":true,"scope":"read","iss":""}""", 401)]
    [InlineData("""{"active":true,"scope":"read","iss":7}""", 401)]
    [InlineData("""{"active":true,"scope":"read","iss":["URL"]}""", 401)]
    public async Task The_iss_of_a_response_must_be_the_discovered_issuer_or_absent_cached_or_not(string body, int status)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.Publish();
        server.RespondAt("/introspect", body.Replace("URL", server.Url, StringComparison.Ordinal));
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url);

        using HttpResponseMessage first = await api.SendAsync("token");
        int second = await api.GetAsync("token");

        Assert.Equal((status, status), ((int)first.StatusCode, second));
        Assert.Equal(1, server.Count("POST /introspect"));
        if (status == 401)
        {
            Assert.Contains(
                "The access token was issued by another authorization server.",
                first.Headers.WwwAuthenticate.ToString(),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task Configured_issuers_replace_the_discovered_one()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.Publish();
        server.RespondAt("/introspect", """{"active":true,"scope":"read","iss":"https://tenant.example.com"}""");
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(
            server.Url,
            options => options.ValidIssuers.Add("https://tenant.example.com")
        );

        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Fact]
    public async Task A_search_is_its_own_span_and_not_a_part_of_a_request()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(server.Url, scheme: "discovered-in-traces");
        using var traces = new ActivityRecorder("discovered-in-traces");

        await api.GetAsync("token");
        server.Publish();
        await api.GetAsync("token");

        var spans = traces.Ended.Where(it => it.OperationName == "discover").ToList();
        Assert.Equal(2, spans.Count);
        Assert.All(spans, span => Assert.Null(span.ParentId));
        Assert.Equal(["not_discovered", null], spans.Select(span => span.GetTagItem("error.type")));
    }

    [Fact]
    public async Task Health_is_reported_from_the_discovered_endpoint()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(
            server.Url,
            services: services => services.AddHealthChecks().AddOAuthIntrospection(),
            endpoints: app => app.MapHealthChecks("/health")
        );

        string before = await api.GetTextAsync("/health");
        server.Publish();
        api.Time.Advance(TimeSpan.FromSeconds(31));
        string after = await api.GetTextAsync("/health");

        Assert.Equal(("Unhealthy", "Healthy"), (before, after));
    }

    private static async Task AssertNotDiscoveredAsync(DiscoveryApi api, MetadataServer server, string fault)
    {
        using HttpResponseMessage response = await api.SendAsync("token");

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal("5", response.Headers.GetValues("Retry-After").Single());
        Assert.Equal(0, server.Count("POST /introspect"));
        Assert.Equal(1, api.Signal.Count("DiscoveryFailed"));
        Assert.Contains(fault, api.Log, StringComparison.Ordinal);
    }

    private static SchemeServer ServerOf(DiscoveryApi api)
    {
        const string Scheme = OAuthIntrospectionDefaults.AuthenticationScheme;
        OAuthIntrospectionOptions options = api.Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>().Get(Scheme);
        return api.Services.GetRequiredService<SchemeServers>().Get(Scheme, options);
    }
}
