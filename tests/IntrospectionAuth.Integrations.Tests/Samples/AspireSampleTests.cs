using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Integrations.Tests.Samples;

/// <summary>samples/Aspire/NotesApi with its service defaults, as its AppHost starts it. Redis is unreachable.</summary>
public sealed class AspireSampleTests
{
    [Fact]
    public async Task The_telemetry_of_introspection_is_exported_by_configuration_alone()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using TelemetryCollector collector = await TelemetryCollector.StartAsync(
            "/v1/metrics introspection_auth.call.duration",
            "/v1/metrics introspection_auth.cache.misses",
            "/v1/traces introspect",
            "/v1/traces IntrospectionAuth"
        );
        await using SampleProcess sample = Start(server, collector.Address);
        using HttpClient client = await ConnectAsync(sample);

        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, "/notes", server.IssueToken("read")));

        await collector.Complete;
    }

    [Fact]
    public async Task Resilience_for_all_clients_adds_no_call_to_the_authorization_server()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using SampleProcess sample = Start(server, collector: null);
        using HttpClient client = await ConnectAsync(sample);
        server.RespondWith(500);
        HttpStatusCode first = await GetAsync(client, "/notes", server.IssueToken("read"));
        int afterOneRequest = server.CallCount;
        server.ResetBehavior();
        HttpStatusCode second = await GetAsync(client, "/notes", server.IssueToken("read"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (first, afterOneRequest));
        Assert.Equal((HttpStatusCode.OK, 2), (second, server.CallCount));
    }

    [Fact]
    public async Task The_API_stays_in_service_while_the_authorization_server_is_down()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using SampleProcess sample = Start(server, collector: null);
        using HttpClient client = await ConnectAsync(sample);
        server.RespondWith(500);

        Assert.Equal("Degraded", await client.GetStringAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal("Healthy", await client.GetStringAsync(new Uri("/alive", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    private static SampleProcess Start(FakeAuthorizationServer server, string? collector)
    {
        const string Section = "--Authentication:Schemes:OAuthIntrospection:";
        Dictionary<string, string> variables = new(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development", // maps /health
            ["DOTNET_ENVIRONMENT"] = "Development",
        };
        if (collector is not null)
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector;
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "200";
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "200";
        }

        return SampleProcess.Start(
            "Aspire/NotesApi",
            [
                "--urls=http://127.0.0.1:0",
                "--ConnectionStrings:redis=127.0.0.1:1,abortConnect=false",
                Section + "Authority=" + server.Issuer,
                Section + "ClientId=" + server.ClientId,
                Section + "ClientSecret=" + server.ClientSecret,
                Section + "SharedCache:Secrets:0=" + Convert.ToBase64String(new byte[32]),
            ],
            variables
        );
    }

    private static async Task<HttpClient> ConnectAsync(SampleProcess sample) =>
        new() { BaseAddress = SampleProcess.AddressIn(await sample.ReadAsync(until: "Now listening on: ")) };

    private static async Task<HttpStatusCode> GetAsync(HttpClient client, string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
