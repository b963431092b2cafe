using System.Diagnostics;
using System.Text.RegularExpressions;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Claims;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Telemetry;

/// <summary>No tag of a metric or a span contains anything that a caller or a server sends.</summary>
public sealed partial class SecrecyTests : IAsyncDisposable
{
    private const string Subject = "subject-7f3a",
        Client = "client-7f3a",
        Organization = "organization-7f3a";

    // Tokens that look like a status, a format string or a header if the code writes them without care.
    private static readonly string[] s_tokens =
    [
        "invalid_token",
        "active",
        "401",
        "ey.ey.ey",
        "%s%n",
        "{0}",
        "a=b",
        "error.type=timeout",
        "tok\u00e9n",
        "<script>",
        "'; drop table--",
        new string('x', 5000),
    ];

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly string _scheme = Guid.NewGuid().ToString("N");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task No_tag_of_a_measurement_or_a_span_comes_from_a_caller_or_a_server()
    {
        using var spans = new ActivityRecorder(_scheme);
        await using TestApi api = await StartAsync();
        using var metrics = new MeasurementRecorder(api.Services);

        foreach (Action behavior in Behaviors())
        {
            _server.ResetBehavior();
            behavior();
            foreach (string token in s_tokens.Append(_server.IssueToken(Describe)))
                await TryAsync(api, token);
            foreach (System.Diagnostics.Metrics.Instrument instrument in metrics.Instruments.ToArray())
                _ = metrics.Observe(instrument.Name).ToArray();
        }

        Assert.NotEmpty(spans.Ended);
        Assert.All(metrics.Measurements, it => Assert.Matches(Known(), it.Tags.Replace(_scheme, "SCHEME", StringComparison.Ordinal)));
        Assert.All(
            spans.Ended,
            span =>
            {
                Assert.Matches(
                    Known(),
                    string.Join(' ', span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))
                        .Replace(_scheme, "SCHEME", StringComparison.Ordinal)
                );
                Assert.Equal("introspect", span.DisplayName);
                Assert.Null(span.StatusDescription);
                Assert.Empty(span.Events);
                Assert.Empty(span.Links);
                Assert.Empty(span.Baggage);
            }
        );
    }

    [GeneratedRegex(
        @"^aspnetcore\.authentication\.scheme=SCHEME"
            + @"( introspection_auth\.outcome=(active|inactive|unavailable))?( introspection_auth\.entry\.type=(active|inactive))?"
            + @"( error\.type=([1-5]\d\d|timeout|invalid_response|connection_error|"
            + @"response_ended|retry_after|circuit_open|System\.InvalidOperationException))?$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Known();

    private static void Describe(FakeToken token)
    {
        token.Scopes = ["read"];
        token.Subject = Subject;
        token.ClientId = Client;
        token.OrganizationId = Organization;
    }

    private static async Task TryAsync(TestApi api, string token)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/read");
            request.Headers.Add("X-Token", Uri.EscapeDataString(token));
            (await api.Client.SendAsync(request)).Dispose();
        }
        catch (InvalidOperationException)
        {
            // the application's event
        }
    }

    private IEnumerable<Action> Behaviors() =>
        [
            () => { },
            .. s_tokens.Select(token => (Action)(() => _server.RespondWith(400, $"{{\"error\":\"{token}\"}}"))),
            () =>
                _server.RespondWith(async context =>
                {
                    context.Response.StatusCode = 401;
                    await context.Response.WriteAsync((await context.Request.ReadFormAsync())["token"]!);
                }),
            () => _server.RespondWith(299, "{\"active\":true}"),
            () => _server.RespondWith(200, $"{{\"active\":true,\"sub\":\"{Subject}\",\"exp\":\"{Client}\"}}"),
            () => _server.RespondWith(503, headers: [new("Retry-After", "1")], calls: 1),
            () => _server.Disconnect(),
        ];

    private Task<TestApi> StartAsync() =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Schemes = [_scheme],
                Services = services =>
                    services
                        .AddAuthentication(_scheme)
                        .AddOAuthIntrospection(
                            _scheme,
                            options =>
                            {
                                options.Cache.MaximumEntries = options.Cache.MaximumInactiveEntries = 2;
                                options.Events.OnMessageReceived = context =>
                                {
                                    context.Token = Uri.UnescapeDataString(context.Request.Headers["X-Token"].ToString());
                                    return Task.CompletedTask;
                                };
                                options.Events.OnIntrospecting = context =>
                                    context.Token == s_tokens[0] ? throw new InvalidOperationException(context.Token) : Task.CompletedTask;
                            }
                        ),
            }
        );
}
