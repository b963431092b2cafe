using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace IntrospectionAuth.Tests.Diagnostics;

/// <summary>Over real sockets, also rare reasons are named: to the caller in Development, and in Production only in the log.</summary>
public sealed class ReasonOverHttpTests
{
    public static TheoryData<string> Names => [.. RareReasons.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_rare_reason_is_named_with_its_remedy(string name)
    {
        ReasonOverHttp expected = RareReasons.All[name];

        (string challenge, JsonElement development, _) = await SendAsync(expected, "Development");
        (string same, JsonElement production, LogRecorder log) = await SendAsync(expected, "Production");

        string reason = development.GetProperty("reason").GetString()!;
        string hint = development.GetProperty("hint").GetString()!;
        Assert.Contains(expected.Reason, reason, StringComparison.Ordinal);
        Assert.Contains(expected.Hint, hint, StringComparison.Ordinal);
        Assert.False(production.TryGetProperty("reason", out _) || production.TryGetProperty("hint", out _));
        foreach (string text in (string[])[production.GetRawText(), challenge, same])
        {
            Assert.DoesNotContain(expected.Reason, text, StringComparison.Ordinal);
            Assert.DoesNotContain("docs/", text, StringComparison.Ordinal);
        }

        string[] events = ["NotAuthenticated", .. expected.Outage is null ? [] : (string[])[expected.Outage]];
        Assert.All(events, it => Assert.Contains(log.Entries, entry => entry.Event.Name == it && entry.Text.Contains(hint)));
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_named()
    {
        using X509Certificate2 certificate = StubServer.CreateCertificate("localhost", TimeProvider.System.GetUtcNow().AddDays(1));
        await using StubServer secured = await StubServer.StartAsync(StubServer.Json(static _ => """{"active":true}"""), certificate);
        var expected = new ReasonOverHttp("a TLS connection that failed", "have this machine trust its root certificate")
        {
            Outage = "Unreachable",
            Configure = (options, _) =>
                options.IntrospectionEndpoint = new UriBuilder(secured.Address) { Host = "localhost", Path = "/introspect" }
                    .Uri
                    .AbsoluteUri,
        };

        (_, JsonElement development, LogRecorder log) = await SendAsync(expected, "Development");

        Assert.Contains(expected.Reason, development.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains(expected.Hint, development.GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.Contains(log.Entries, entry => entry.Event.Name == "Unreachable" && entry.Text.Contains(expected.Hint));
    }

    private static async Task<(string Challenge, JsonElement Problem, LogRecorder Log)> SendAsync(
        ReasonOverHttp expected,
        string environment
    )
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        var time = new ManualTimeProvider();
        await using KestrelApi api = await KestrelApi.StartAsync(
            services =>
            {
                services.AddSingleton<TimeProvider>(time);
                services.AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = environment });
                services
                    .AddAuthentication()
                    .AddOAuthIntrospection(options =>
                    {
                        options.IntrospectionEndpoint = server.Url + "/introspect";
                        options.ClientId = "api";
                        options.ClientSecret = "the-secret-of-the-api";
                        options.Resilience.Retries = 0;
                        expected.Configure?.Invoke(options, server);
                    });
                services
                    .AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName(OAuthIntrospectionDefaults.AuthenticationScheme))
                    .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { UseProxy = false });
                services.AddSingleton<IDataProtectionProvider, BrokenDataProtection>();
            },
            app => app.MapGet("/fresh", () => "").RequireFreshToken(TimeSpan.Zero)
        );
        expected.Server?.Invoke(server, api);

        using HttpResponseMessage response = await expected.Send(api, server, time);

        Assert.Equal(expected.Status, (int)response.StatusCode);
        string body = await response.Content.ReadAsStringAsync();
        return (response.Challenges(), JsonElement.Parse(body), api.Log);
    }
}
