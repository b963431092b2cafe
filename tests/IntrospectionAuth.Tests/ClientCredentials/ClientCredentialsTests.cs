using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Tests.Certificates;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.ClientCredentials;

/// <summary>This API obtains a token for itself, and asks with it, over real sockets.</summary>
public sealed class ClientCredentialsTests
{
    private const string Secret = "the-secret-that-no-log-may-read-0123456789";
    private const string Section = "Authentication:Schemes:OAuthIntrospection:";

    public static TheoryData<string, Action<OAuthIntrospectionOptions>, string> Faults =>
        new()
        {
            {
                "no token endpoint",
                options => options.ClientCredentials.TokenEndpoint = null,
                "ClientCredentials.TokenEndpoint is not set, and is not discovered"
            },
            {
                "plain http",
                options => options.ClientCredentials.TokenEndpoint = "http://auth.example.com/token",
                "ClientCredentials.TokenEndpoint is plain http, which exposes"
            },
            {
                "no URL",
                options => options.ClientCredentials.TokenEndpoint = "/token",
                "ClientCredentials.TokenEndpoint is not an absolute https URL"
            },
            {
                "a fragment",
                options => options.ClientCredentials.TokenEndpoint = "https://auth.example.com/token#x",
                "ClientCredentials.TokenEndpoint has user information or a fragment"
            },
            { "no client id", options => options.ClientId = null, "ClientId is not set" },
            {
                "no secret",
                options => options.ClientSecret = null,
                "ClientSecret is not set, but the client authentication method client_secret_basic sends it. Set ClientSecret "
                    + "(an empty string if the secret is empty), or another ClientCredentials.AuthenticationMethod."
            },
            {
                "a certificate that is not presented",
                options => options.ClientCertificate = Certificates.CertificateServer.CreateCertificate("api"),
                "or set ClientCredentials.AuthenticationMethod to tls_client_auth"
            },
            {
                "another method",
                options => options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientSecretPost,
                "ClientCredentials is set, but the client authentication method client_secret_post obtains no token"
            },
            {
                "a public client",
                options => options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.None,
                "ClientCredentials.AuthenticationMethod is none"
            },
            {
                "the presented token",
                options => options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.PresentedToken,
                "ClientCredentials.AuthenticationMethod is presented_token"
            },
            {
                "itself",
                options => options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.ClientCredentials,
                "ClientCredentials.AuthenticationMethod is client_credentials"
            },
            {
                "a delegate",
                options => options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ => new("x")),
                "ClientCredentials.AuthenticationMethod is bearer"
            },
            {
                "a key that is missing",
                options =>
                {
                    options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.PrivateKeyJwt;
                    options.ClientAssertionAudience = "https://auth.example.com";
                },
                "SigningKeyPath is not set"
            },
            {
                "a key that signs nothing",
                options => options.SigningKey = ClientSigningKey.FromSigner("ES256", (_, _) => new([])),
                "SigningKeyPath (or SigningKey) is set, but the client authentication method client_credentials never signs with it"
            },
            {
                "a certificate over plain http",
                options =>
                {
                    options.ClientSecret = null;
                    options.ClientCertificate = Certificates.CertificateServer.CreateCertificate("api");
                    options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.TlsClientAuth;
                    options.ClientCredentials.TokenEndpoint = "http://localhost/token";
                },
                "ClientCredentials.TokenEndpoint is plain http, but the client authentication method tls_client_auth"
            },
            { "a scope that is none", options => options.ClientCredentials.Scope = "a  b", "ClientCredentials.Scope is not a valid scope" },
            {
                "a parameter of ours",
                options => options.ClientCredentials.Parameters["grant_type"] = "password",
                "ClientCredentials.Parameters has grant_type"
            },
            {
                "an empty parameter",
                options => options.ClientCredentials.Parameters["resource"] = "",
                "ClientCredentials.Parameters has an empty value"
            },
        };

    [Fact]
    public async Task The_token_is_obtained_once_and_used_for_every_caller()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        await using DiscoveryApi api = await StartAsync(
            server,
            options =>
            {
                options.ClientCredentials.Scope = "introspect more";
                options.ClientCredentials.Parameters["resource"] = "https://auth.example.com/introspect";
            }
        );

        Assert.Equal((200, 200, 200), (await api.GetAsync("one"), await api.GetAsync("two"), await api.GetAsync("one")));

        string basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"api:{Secret}"));
        Assert.Equal(
            [(basic, "grant_type=client_credentials&resource=https://auth.example.com/introspect&scope=introspect more")],
            server.TokenRequests
        );
        Assert.Equal(Enumerable.Repeat(("Bearer token-of-the-api-1", "token_type_hint=access_token"), 2), server.Introspections);
        AssertSilent(api);
    }

    [Theory]
    [InlineData("client_secret_post", "client_id client_secret grant_type")]
    [InlineData("client_secret_jwt", "client_assertion client_assertion_type client_id grant_type")]
    [InlineData("private_key_jwt", "client_assertion client_assertion_type client_id grant_type")]
    [InlineData("client_secret_basic_raw", "grant_type")]
    public async Task The_client_authenticates_at_the_token_endpoint_by_any_method_and_introspects_with_the_token_alone(
        string method,
        string parameters
    )
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using TokenServer server = await TokenServer.StartAsync();
        await using DiscoveryApi api = await StartAsync(
            server,
            options =>
            {
                options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.Find(method)!;
                options.ClientAssertionAudience = "https://auth.example.com";
                options.SigningKey = method == "private_key_jwt" ? ClientSigningKey.FromPem(key.ExportPkcs8PrivateKeyPem()) : null;
            }
        );

        Assert.Equal(200, await api.GetAsync("one"));

        (string authorization, string form) = Assert.Single(server.TokenRequests);
        Assert.Equal(parameters, string.Join(' ', form.Split('&').Select(field => field.Split('=')[0])));
        Assert.Equal(method == "client_secret_basic_raw", authorization.Length > 0);
        Assert.Equal([("Bearer token-of-the-api-1", "token_type_hint=access_token")], server.Introspections);
        AssertSilent(api);
    }

    [Fact]
    public async Task Configuration_alone_suffices_and_the_endpoint_is_discovered()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(
            configure: null,
            configuration: settings =>
            {
                settings[Section + "Authority"] = server.Url;
                settings[Section + "ClientId"] = "api";
                settings[Section + "ClientSecret"] = Secret;
                settings[Section + "ClientAuthenticationMethod"] = "client_credentials";
                settings[Section + "ClientCredentials:AuthenticationMethod"] = "client_secret_post";
                settings[Section + "ClientCredentials:Scope"] = "introspect";
                settings[Section + "ClientCredentials:Parameters:audience"] = "https://auth.example.com";
            }
        );

        Assert.Equal(200, await api.GetAsync("one"));

        Assert.Equal(
            [
                (
                    "",
                    $"audience=https://auth.example.com&client_id=api&client_secret={Secret}&grant_type=client_credentials&scope=introspect"
                ),
            ],
            server.TokenRequests
        );
        AssertSilent(api);
    }

    [Theory]
    [InlineData("""{"issuer":"URL","introspection_endpoint":"URL/introspect"}""")]
    [InlineData("""{"issuer":"URL","introspection_endpoint":"URL/introspect","token_endpoint":"http://auth.example.com/token"}""")]
    [InlineData("""{"issuer":"URL","introspection_endpoint":"URL/introspect","token_endpoint":["URL/token"]}""")]
    [InlineData("""{"issuer":"URL","introspection_endpoint":"URL/introspect","token_endpoint":"URL/\ud800"}""")]
    public async Task Metadata_without_a_token_endpoint_yields_503_with_the_reason(string metadata)
    {
        await using TokenServer server = await TokenServer.StartAsync();
        server.Publish(metadata.Replace("URL", server.Url, StringComparison.Ordinal));
        await using DiscoveryApi api = await StartAsync(
            server,
            options =>
            {
                options.IntrospectionEndpoint = options.ClientCredentials.TokenEndpoint = null;
                options.Authority = server.Url;
            }
        );

        Assert.Equal(503, await api.GetAsync("one"));

        Assert.Contains("the server's metadata names no token_endpoint that may be called", api.Log, StringComparison.Ordinal);
        Assert.Empty(server.TokenRequests);
    }

    [Fact]
    public async Task Metadata_without_a_token_endpoint_is_fetched_again_after_a_minute()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        server.Publish($$"""{"issuer":"{{server.Url}}","introspection_endpoint":"{{server.IntrospectionEndpoint}}"}""");
        await using DiscoveryApi api = await StartAsync(
            server,
            options =>
            {
                options.IntrospectionEndpoint = options.ClientCredentials.TokenEndpoint = null;
                options.Authority = server.Url;
            }
        );
        Assert.Equal(503, await api.GetAsync("one"));

        server.Publish(
            $$"""{"issuer":"{{server.Url}}","introspection_endpoint":"{{server.IntrospectionEndpoint}}","token_endpoint":"{{server.TokenEndpoint}}"}"""
        );
        Assert.Equal(503, await api.GetAsync("two"));
        Assert.Equal(1, server.Count("GET " + MetadataServer.OpenId));
        api.Time.Advance(TimeSpan.FromMinutes(1));
        int status = 503;
        for (int i = 0; status != 200 && i < 1000; i++)
            status = await api.GetAsync($"three-{i}"); // the first of them begins the search, behind its back

        Assert.Equal((200, 2), (status, server.Count("GET " + MetadataServer.OpenId)));
    }

    [Theory]
    [InlineData("3600", 3540)] // a minute before its end
    [InlineData("100", 90)] // a tenth of its life before its end
    [InlineData(null, 270)] // 5 minutes
    [InlineData("1e9", 86_340)] // a day
    public async Task A_token_is_used_until_shortly_before_it_expires(string? lifetime, int seconds)
    {
        await using TokenServer server = await TokenServer.StartAsync();
        server.Lifetime = lifetime;
        await using DiscoveryApi api = await StartAsync(server);
        await api.GetAsync("one");

        api.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        await api.GetAsync("two");
        Assert.Single(server.TokenRequests);
        api.Time.SetBack(TimeSpan.FromHours(1)); // which makes nothing last longer
        api.Time.Advance(TimeSpan.FromSeconds(1));
        await api.GetAsync("three");

        Assert.Equal(
            ["Bearer token-of-the-api-1", "Bearer token-of-the-api-1", "Bearer token-of-the-api-2"],
            server.Introspections.Select(it => it.Authorization)
        );
    }

    [Fact]
    public async Task All_waiting_callers_share_one_request_and_a_disconnecting_caller_cancels_nothing()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        var gate = new Gate();
        server.OnToken = async _ =>
        {
            await gate.WaitAsync();
            return false;
        };
        await using DiscoveryApi api = await StartAsync(server);
        using var leaving = new CancellationTokenSource();

        Task<int> first = api.GetAsync("first", leaving.Token);
        await gate.Arrived;
        Task<int>[] others = [.. Enumerable.Range(0, 40).Select(i => api.GetAsync($"token-{i}"))];
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.Release();

        Assert.All(await Task.WhenAll(others), status => Assert.Equal(200, status));
        Assert.Single(server.TokenRequests);
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_scope"}""", "application/json", "it responded 400, error code invalid_scope")]
    [InlineData(401, """{"error":"invalid_client"}""", "application/json", "it responded 401, error code invalid_client")]
    [InlineData(401, """{"error":"the-secret-that-no-log"}""", "application/json", "it responded 401, error code none")]
    [InlineData(404, "", "text/plain", "it responded 404, error code none")]
    [InlineData(302, "", "text/plain", "it responded 302, error code none")]
    [InlineData(201, """{"access_token":"marker","token_type":"Bearer"}""", "application/json", "it responded 201, error code none")]
    [InlineData(
        200,
        """{"access_token":"marker","token_type":"DPoP"}""",
        "application/json",
        "its response cannot be used (its token_type is not Bearer)"
    )]
    [InlineData(
        200,
        """{"access_token":"marker","token_type":"Bearer"}""",
        "text/html",
        "its response cannot be used (its content type is not JSON but text/html)"
    )]
    [InlineData(
        200,
        """{"access_token":"mark er","token_type":"Bearer"}""",
        "application/json",
        "its response cannot be used (it has no access_token that is a bearer token)"
    )]
    [InlineData(
        200,
        """{"access_token":"marker","token_type":"Bearer","filler":"LONG"}""",
        "application/json",
        "its response cannot be used (it is longer than MaximumResponseLength)"
    )]
    public async Task An_unusable_token_response_yields_503_is_logged_once_and_not_kept(
        int status,
        string body,
        string contentType,
        string fault
    )
    {
        await using TokenServer server = await TokenServer.StartAsync();
        server.On("/elsewhere", context => MetadataServer.WriteAsync(context, """{"access_token":"marker","token_type":"Bearer"}"""));
        server.OnToken = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            await MetadataServer.WriteAsync(context, body.Replace("LONG", new string('x', 300_000), StringComparison.Ordinal), contentType);
            return true;
        };
        await using DiscoveryApi api = await StartAsync(server);

        Assert.Equal((503, 503), (await api.GetAsync("one"), await api.GetAsync("two")));
        server.OnToken = null;
        Assert.Equal(200, await api.GetAsync("three"));

        Assert.Equal(1, api.Signal.Count("TokenNotIssued"));
        Assert.Contains($"the token endpoint issued no usable token for this API: {fault}.", api.Log, StringComparison.Ordinal);
        Assert.Equal(0, server.Count("GET /elsewhere") + server.Count("POST /elsewhere"));
        Assert.Equal(3, server.TokenRequests.Count);
        Assert.Single(server.Introspections);
        Assert.DoesNotContain("marker", api.Log, StringComparison.Ordinal);
        AssertSilent(api);
    }

    [Fact]
    public async Task A_token_endpoint_that_fails_opens_the_circuit_breaker()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        server.OnToken = context => RespondAsync(context, 500);
        await using DiscoveryApi api = await StartAsync(server);

        for (int i = 0; i < 15; i++)
            Assert.Equal(503, await api.GetAsync($"token-{i}"));
        Assert.Equal(10, server.TokenRequests.Count);
        server.OnToken = null;
        api.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(200, await api.GetAsync("one"));
        Assert.Equal((1, 1), (api.Signal.Count("CircuitOpened"), api.Signal.Count("CircuitClosed")));
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_failure_of_a_gateway_is_retried_once(int status)
    {
        await using TokenServer server = await TokenServer.StartAsync();
        int requests = 0;
        server.OnToken = context => requests++ == 0 ? RespondAsync(context, status) : Task.FromResult(false);
        await using DiscoveryApi api = await StartAsync(server);

        Assert.Equal(200, await api.GetAsync("one"));

        Assert.Equal(2, requests);
    }

    [Fact]
    public async Task A_failure_of_a_gateway_counts_once_for_every_caller_that_waits_for_the_token()
    {
        const int Crowd = 20;
        await using TokenServer server = await TokenServer.StartAsync();
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int requests = 0;
        server.OnToken = async context =>
        {
            if (requests++ > 0)
                return false;

            await released.Task;
            return await RespondAsync(context, 502);
        };
        await using DiscoveryApi api = await StartAsync(server);

        Task<int>[] crowd = [.. Enumerable.Range(0, Crowd).Select(i => api.GetAsync($"token-{i}"))];
        await api.WaitForCallsAsync(Crowd, fetches: 1);
        released.SetResult();

        Assert.All(await Task.WhenAll(crowd), status => Assert.Equal(200, status));
        Assert.Equal((2, 0), (requests, api.Signal.Count("CircuitOpened")));
    }

    [Fact]
    public async Task A_gateway_that_keeps_failing_is_called_twice_and_not_more()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        server.OnToken = context => RespondAsync(context, 502);
        await using DiscoveryApi api = await StartAsync(server);

        Assert.Equal(503, await api.GetAsync("one"));

        Assert.Equal(2, server.TokenRequests.Count);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task The_Retry_After_of_a_token_endpoint_is_obeyed(int status)
    {
        await using TokenServer server = await TokenServer.StartAsync();
        server.OnToken = context =>
        {
            context.Response.Headers.RetryAfter = "30";
            return RespondAsync(context, status);
        };
        await using DiscoveryApi api = await StartAsync(server);

        using HttpResponseMessage response = await api.SendAsync("one");
        Assert.Equal((503, TimeSpan.FromSeconds(30)), ((int)response.StatusCode, response.Headers.RetryAfter!.Delta));
        Assert.Equal(503, await api.GetAsync("two"));
        Assert.Single(server.TokenRequests);

        server.OnToken = null;
        api.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(200, await api.GetAsync("three"));
    }

    [Fact]
    public async Task A_token_endpoint_that_hangs_ends_at_the_timeout()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.OnToken = async context =>
        {
            arrived.TrySetResult();
            var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using CancellationTokenRegistration registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
            return true;
        };
        await using DiscoveryApi api = await StartAsync(server);

        Task<int> asking = api.GetAsync("one");
        await arrived.Task;
        api.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(503, await asking);
        Assert.Equal(1, api.Signal.Count("TimedOut"));
    }

    [Fact]
    public async Task A_hanging_key_vault_does_not_count_against_the_token_endpoint()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool hangs = true;
        await using TokenServer server = await TokenServer.StartAsync();
        await using DiscoveryApi api = await StartAsync(
            server,
            options =>
            {
                options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.PrivateKeyJwt;
                options.ClientAssertionAudience = "https://auth.example.com";
                options.SigningKey = ClientSigningKey.FromSigner(
                    "ES256",
                    async (data, cancellationToken) =>
                    {
                        if (!hangs)
                            return key.SignData(data.Span, HashAlgorithmName.SHA256);

                        arrived.SetResult();
                        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                        throw new InvalidOperationException();
                    }
                );
            }
        );

        Task<int> asking = api.GetAsync("one");
        await arrived.Task;
        api.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(503, await asking);
        hangs = false;

        Assert.Equal(200, await api.GetAsync("two"));
        Assert.Equal(0, api.Signal.Count("CircuitOpened"));
    }

    [Fact]
    public async Task A_method_of_the_application_authenticates_to_the_token_endpoint_and_sees_no_token_of_a_caller()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        var method = new Recording();
        string? accepted = null;
        server.OnToken = context =>
        {
            accepted = context.Request.Headers.Accept;
            return Task.FromResult(false);
        };
        await using DiscoveryApi api = await StartAsync(server, options => options.ClientCredentials.AuthenticationMethod = method);

        Assert.Equal(200, await api.GetAsync("one"));

        Assert.Equal(("", "application/json"), (method.Token, accepted));
    }

    [Fact]
    public async Task A_key_vault_that_hangs_at_a_retry_does_not_count_against_the_token_endpoint()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int signed = 0;
        await using TokenServer server = await TokenServer.StartAsync();
        server.OnToken = context => RespondAsync(context, 502);
        await using DiscoveryApi api = await StartAsync(
            server,
            options =>
            {
                options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.PrivateKeyJwt;
                options.ClientAssertionAudience = "https://auth.example.com";
                options.SigningKey = ClientSigningKey.FromSigner(
                    "ES256",
                    async (data, cancellationToken) =>
                    {
                        if (signed++ > 0)
                        {
                            arrived.SetResult();
                            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                        }

                        return key.SignData(data.Span, HashAlgorithmName.SHA256);
                    }
                );
            }
        );

        Task<int> asking = api.GetAsync("one");
        await arrived.Task;
        api.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(503, await asking);
        Assert.Equal(0, api.Signal.Count("CircuitOpened"));
    }

    [Fact]
    public async Task A_token_endpoint_that_hangs_opens_the_circuit_breaker()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        var gate = new Gate();
        server.OnToken = async _ =>
        {
            await gate.WaitAsync();
            return false;
        };
        await using DiscoveryApi api = await StartAsync(server);

        Task<int> asking = api.GetAsync("one");
        await gate.Arrived;
        api.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((503, 503), (await asking, await api.GetAsync("two")));
        gate.Release();

        Assert.Equal(1, api.Signal.Count("CircuitOpened"));
        Assert.Single(server.TokenRequests);
    }

    [Fact]
    public async Task A_reload_with_another_scope_obtains_another_token_and_reuses_no_response()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        IConfigurationManager? settings = null;
        await using DiscoveryApi api = await StartAsync(server, configuration: it => settings = it);
        await api.GetAsync("one");

        Reload(settings!, "Realm", "other"); // on which no token depends
        await api.GetAsync("one");
        await api.GetAsync("two");
        Assert.Equal((1, 2), (server.TokenRequests.Count, server.Introspections.Count));

        Reload(settings!, "ClientCredentials:Scope", "other");
        await api.GetAsync("one");

        Assert.Equal(
            ["grant_type=client_credentials", "grant_type=client_credentials&scope=other"],
            server.TokenRequests.Select(it => it.Form)
        );
        Assert.Equal((3, "Bearer token-of-the-api-2"), (server.Introspections.Count, server.Introspections.Last().Authorization));
    }

    [Theory]
    [InlineData("ClientSecret", "another-secret-that-no-log-may-show")]
    [InlineData("ClientId", "another")]
    [InlineData("ClientCredentials:Parameters:audience", "another")]
    [InlineData("ClientCredentials:AuthenticationMethod", "client_secret_post")]
    public async Task A_change_of_anything_that_a_token_depends_on_obtains_another_token(string key, string value)
    {
        await using TokenServer server = await TokenServer.StartAsync();
        IConfigurationManager? settings = null;
        await using DiscoveryApi api = await StartAsync(server, configuration: it => settings = it);
        await api.GetAsync("one");

        Reload(settings!, key, value);
        await api.GetAsync("two");

        Assert.Equal(["Bearer token-of-the-api-1", "Bearer token-of-the-api-2"], server.Introspections.Select(it => it.Authorization));
        Assert.NotEqual(server.TokenRequests.First(), server.TokenRequests.Last());
    }

    [Fact]
    public async Task Two_schemes_share_no_token()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(
            Use,
            services => services.AddAuthentication().AddOAuthIntrospection("other", Use),
            endpoints: app =>
            {
                foreach (string scheme in (string[])["OAuthIntrospection", "other"])
                {
                    app.MapGet("/" + scheme, () => "")
                        .RequireAuthorization(policy => policy.AddAuthenticationSchemes(scheme).RequireAuthenticatedUser());
                }
            }
        );

        foreach (string path in (string[])["/OAuthIntrospection", "/other", "/other"])
            Assert.Equal(200, await api.GetAsync("one", path));

        Assert.Equal(["Bearer token-of-the-api-1", "Bearer token-of-the-api-2"], server.Introspections.Select(it => it.Authorization));

        void Use(OAuthIntrospectionOptions options)
        {
            options.IntrospectionEndpoint = server.IntrospectionEndpoint;
            options.ClientId = "api";
            options.ClientSecret = Secret;
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials;
            options.ClientCredentials.TokenEndpoint = server.TokenEndpoint;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Invalid_settings_are_reported_at_startup(string what, Action<OAuthIntrospectionOptions> change, string fault)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            DiscoveryApi.StartAsync(options =>
            {
                options.IntrospectionEndpoint = "https://auth.example.com/introspect";
                options.ClientId = "api";
                options.ClientSecret = Secret;
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials;
                options.ClientCredentials.TokenEndpoint = "https://auth.example.com/token";
                change(options);
            })
        );

        Assert.True(exception.Failures.Single().Contains(fault, StringComparison.Ordinal), $"{what}: {exception.Message}");
        Assert.DoesNotContain(Secret, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_method_is_reported_with_its_key()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            DiscoveryApi.StartAsync(
                configure: null,
                configuration: settings => settings[Section + "ClientCredentials:AuthenticationMethod"] = "basic"
            )
        );

        Assert.Contains(
            $"{Section}ClientCredentials:AuthenticationMethod is not known. Known methods are",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    private static Task<DiscoveryApi> StartAsync(
        TokenServer server,
        Action<OAuthIntrospectionOptions>? configure = null,
        Action<IConfigurationManager>? configuration = null
    ) =>
        DiscoveryApi.StartAsync(
            options => configure?.Invoke(options),
            configuration: settings =>
            {
                settings[Section + "IntrospectionEndpoint"] = server.IntrospectionEndpoint;
                settings[Section + "ClientId"] = "api";
                settings[Section + "ClientSecret"] = Secret;
                settings[Section + "ClientAuthenticationMethod"] = "client_credentials";
                settings[Section + "ClientCredentials:TokenEndpoint"] = server.TokenEndpoint;
                settings[Section + "Cache:RefreshAfter"] = "0";
                configuration?.Invoke(settings);
            }
        );

    private static void Reload(IConfigurationManager settings, string key, string value)
    {
        settings[Section + key] = value;
        ((IConfigurationRoot)settings).Reload();
    }

    private static async Task<bool> RespondAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(status.ToString(CultureInfo.InvariantCulture));
        return true;
    }

    private static void AssertSilent(DiscoveryApi api)
    {
        Assert.DoesNotContain(Secret, api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("token-of-the-api", api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "access_token",
            api.Log.Replace("token_type_hint=access_token", "", StringComparison.Ordinal)
                .Replace("no access_token that is", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    private sealed class Recording() : ClientAuthenticationMethod("recording")
    {
        public string? Token { get; private set; }

        public override ValueTask AuthenticateAsync(ClientAuthenticationContext context)
        {
            Token = context.Token;
            return ValueTask.CompletedTask;
        }
    }
}
