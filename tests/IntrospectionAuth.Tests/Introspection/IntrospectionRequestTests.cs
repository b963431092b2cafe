using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Introspection;

/// <summary>What the authorization server is sent.</summary>
public sealed class IntrospectionRequestTests
{
    [Fact]
    public async Task The_request_is_a_form_with_the_token_and_nothing_in_the_URL()
    {
        await using var server = FakeAuthorizationServer.Create();
        string token = server.IssueToken();

        IntrospectionCall call = await CaptureCallAsync(server, token);

        Assert.Equal("POST", call.Method);
        Assert.Equal("/introspect", call.Path);
        Assert.Equal("", call.Query);
        Assert.Equal("application/x-www-form-urlencoded", call.Headers.ContentType);
        Assert.Equal("application/json", call.Headers.Accept);
        Assert.Equal("token token_type_hint", NamesOf(call));
        Assert.Equal(token, call.Parameters["token"]);
        Assert.Equal("access_token", call.Parameters["token_type_hint"]);
    }

    [Theory]
    [InlineData("ABCXYZabcxyz0189-._~+/==")]
    [InlineData("a+b+c")]
    [InlineData("a/b/../c")]
    [InlineData("a~b~")]
    [InlineData("abc======")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJpc3MiOiJhdHRhY2tlciIsInN1YiI6ImFkbWluIn0.")]
    public async Task The_token_is_sent_as_presented(string token)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.IssueToken(issued => issued.Value = token);

        IntrospectionCall call = await CaptureCallAsync(server, token);

        Assert.Equal(token, call.Parameters["token"].ToString());
    }

    [Fact]
    public async Task The_body_is_form_encoded()
    {
        const string Token = "aZ09-._~+/==";
        var recorder = new BodyRecorder();
        await using var server = FakeAuthorizationServer.Create();
        server.IssueToken(issued => issued.Value = Token);
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(_ => { });
                    services
                        .AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName(OAuthIntrospectionDefaults.AuthenticationScheme))
                        .AddHttpMessageHandler(() => recorder);
                },
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/me", Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("token=aZ09-._~%2B%2F%3D%3D&token_type_hint=access_token", recorder.Body);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Without_a_hint_no_hint_is_sent(string? hint)
    {
        await using var server = FakeAuthorizationServer.Create();

        IntrospectionCall call = await CaptureCallAsync(server, server.IssueToken(), options => options.TokenTypeHint = hint);

        Assert.Equal("token", NamesOf(call));
    }

    [Fact]
    public async Task The_hint_is_configurable()
    {
        await using var server = FakeAuthorizationServer.Create();

        IntrospectionCall call = await CaptureCallAsync(
            server,
            server.IssueToken(),
            options => options.TokenTypeHint = "urn:example:token & more"
        );

        Assert.Equal("urn:example:token & more", call.Parameters["token_type_hint"]);
    }

    [Fact]
    public async Task Additional_parameters_are_sent_encoded()
    {
        await using var server = FakeAuthorizationServer.Create();

        IntrospectionCall call = await CaptureCallAsync(
            server,
            server.IssueToken(),
            options =>
            {
                options.IntrospectionParameters["resource"] = "https://api.example.com/?a=b&c=d+e f%20é";
                options.IntrospectionParameters["na me&"] = "";
            }
        );

        Assert.Equal("na me& resource token token_type_hint", NamesOf(call));
        Assert.Equal("https://api.example.com/?a=b&c=d+e f%20é", call.Parameters["resource"]);
        Assert.Equal("", call.Parameters["na me&"]);
    }

    [Fact]
    public async Task Additional_parameters_can_come_from_configuration()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                Configuration = configuration =>
                {
                    configuration["Authentication:Schemes:OAuthIntrospection:IntrospectionParameters:resource"] = "https://api.example.com";
                    configuration["Authentication:Schemes:OAuthIntrospection:TokenTypeHint"] = "";
                },
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/me", server.IssueToken());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("resource token", NamesOf(Assert.Single(server.Calls)));
    }

    [Theory]
    [InlineData("token")]
    [InlineData("token_type_hint")]
    [InlineData("client_id")]
    [InlineData("client_secret")]
    [InlineData("client_assertion")]
    [InlineData("client_assertion_type")]
    public async Task An_additional_parameter_with_a_reserved_name_is_rejected_at_startup(string parameter)
    {
        await using var server = FakeAuthorizationServer.Create();

        Task<TestApi> starting = TestApi.StartAsync(server, options => options.IntrospectionParameters[parameter] = "x");

        var exception = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => starting);
        Assert.Contains($"IntrospectionParameters has {parameter}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_else_of_the_callers_request_is_sent_to_the_server()
    {
        await using var server = FakeAuthorizationServer.Create();
        string token = server.IssueToken();
        await using TestApi api = await TestApi.StartAsync(server);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/me?query=marker");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        request.Headers.TryAddWithoutValidation("Cookie", "session=marker");
        request.Headers.TryAddWithoutValidation("X-User-Id", "marker");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "marker");
        request.Headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        IntrospectionCall call = Assert.Single(server.Calls);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(
            "marker",
            string.Join('\n', call.Headers.Select(header => $"{header.Key}: {header.Value}")),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "0af7651916cd43dd8448eb211c80319c",
            string.Join('\n', call.Headers.Select(header => $"{header.Value}")),
            StringComparison.Ordinal
        );
        Assert.False(call.Headers.ContainsKey("Cookie"));
    }

    [Fact]
    public async Task An_event_handler_can_change_the_request()
    {
        await using var server = FakeAuthorizationServer.Create();

        IntrospectionCall call = await CaptureCallAsync(
            server,
            server.IssueToken(),
            options =>
                options.Events.OnIntrospecting = context =>
                {
                    context.Request.Headers.Add("X-Tenant", "acme");
                    context.Parameters["resource"] = "https://api.example.com";
                    context.Parameters.Remove("token_type_hint");
                    return Task.CompletedTask;
                }
        );

        Assert.Equal("acme", call.Headers["X-Tenant"]);
        Assert.Equal("resource token", NamesOf(call));
    }

    private static async Task<IntrospectionCall> CaptureCallAsync(
        FakeAuthorizationServer server,
        string token,
        Action<OAuthIntrospectionOptions>? configure = null
    )
    {
        await using TestApi api = await TestApi.StartAsync(server, configure);
        using HttpResponseMessage response = await api.GetAsync("/me", token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return Assert.Single(server.Calls);
    }

    private static string NamesOf(IntrospectionCall call) => string.Join(' ', call.Parameters.Keys.Order(StringComparer.Ordinal));

    private sealed class BodyRecorder : DelegatingHandler
    {
        public string? Body { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
