using System.Net;
using System.Text;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tokens;

namespace IntrospectionAuth.Tests.ClientAuthentication;

/// <summary>What each client authentication method puts into the request, and what it needs.</summary>
public sealed class ClientAuthenticationTests
{
    private const string Token = "opaque-4711";

    [Theory]
    [InlineData("api", "secret", "api:secret")]
    [InlineData("a:b", "c:d", "a%3Ab:c%3Ad")]
    [InlineData("a+b", "c+d", "a%2Bb:c%2Bd")]
    [InlineData("a%b", "100%25", "a%25b:100%2525")]
    [InlineData("a b", "c d", "a+b:c+d")]
    [InlineData("é", "ü€😀", "%C3%A9:%C3%BC%E2%82%AC%F0%9F%98%80")]
    [InlineData("a&b=c", "d/e?f#g", "a%26b%3Dc:d%2Fe%3Ff%23g")]
    [InlineData("api", "a\"b\\c", "api:a%22b%5Cc")]
    [InlineData("api", "a\r\nb\0", "api:a%0D%0Ab%00")]
    [InlineData("api", "-._AZaz09", "api:-._AZaz09")]
    [InlineData("api", "", "api:")]
    public async Task Client_secret_basic_form_encodes_id_and_secret(string id, string secret, string credentials)
    {
        IntrospectionCall call = await CaptureCallAsync(ClientAuthenticationMethod.ClientSecretBasic, id, secret);

        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)), call.Headers.Authorization);
        Assert.Equal((id, secret), (call.ClientAuthentication.ClientId, call.ClientAuthentication.ClientSecret));
        Assert.Equal("token token_type_hint", NamesOf(call));
    }

    [Theory]
    [InlineData("api", "secret", "api:secret")]
    [InlineData("a+b", "c+d", "a+b:c+d")]
    [InlineData("a%b", "100%25", "a%b:100%25")]
    [InlineData("a b", "c:d e", "a b:c:d e")]
    [InlineData("é", "ü€😀", "é:ü€😀")]
    [InlineData("api", "", "api:")]
    public async Task Client_secret_basic_raw_sends_id_and_secret_without_encoding(string id, string secret, string credentials)
    {
        IntrospectionCall call = await CaptureCallAsync(ClientAuthenticationMethod.ClientSecretBasicRaw, id, secret);

        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)), call.Headers.Authorization);
        Assert.Equal("token token_type_hint", NamesOf(call));
    }

    [Theory]
    [InlineData("api", "secret")]
    [InlineData("a:b", "c:d")]
    [InlineData("a+b", "c+d")]
    [InlineData("a%20b", "100%25")]
    [InlineData("a b", "c d")]
    [InlineData("é", "ü€😀")]
    [InlineData("a&client_id=other", "x&token=other")]
    [InlineData("api", "")]
    public async Task Client_secret_post_sends_id_and_secret_in_the_form(string id, string secret)
    {
        IntrospectionCall call = await CaptureCallAsync(ClientAuthenticationMethod.ClientSecretPost, id, secret);

        Assert.False(call.Headers.ContainsKey("Authorization"));
        Assert.Equal("client_id client_secret token token_type_hint", NamesOf(call));
        Assert.Equal(id, call.Parameters["client_id"]);
        Assert.Equal(secret, call.Parameters["client_secret"]);
        Assert.Equal(Token, call.Parameters["token"]);
    }

    [Theory]
    [InlineData("api")]
    [InlineData("a:b +%é")]
    public async Task None_sends_the_client_id_only(string id)
    {
        IntrospectionCall call = await CaptureCallAsync(ClientAuthenticationMethod.None, id, secret: null);

        Assert.False(call.Headers.ContainsKey("Authorization"));
        Assert.Equal("client_id token token_type_hint", NamesOf(call));
        Assert.Equal(id, call.Parameters["client_id"]);
    }

    [Fact]
    public async Task Presented_token_sends_the_token_as_the_bearer_credential()
    {
        IntrospectionCall call = await CaptureCallAsync(ClientAuthenticationMethod.PresentedToken, id: "unused", secret: "unused");

        Assert.Equal("Bearer " + Token, call.Headers.Authorization);
        Assert.Equal("token token_type_hint", NamesOf(call));
    }

    [Fact]
    public async Task A_custom_method_of_the_application_is_used()
    {
        IntrospectionCall call = await CaptureCallAsync(new HeaderMethod(), id: "unused", secret: "unused");

        Assert.Equal("OAuthIntrospection " + Token, call.Headers["X-Client"]);
        Assert.False(call.Headers.ContainsKey("Authorization"));
        Assert.Equal("assertion token token_type_hint", NamesOf(call));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // to the token endpoint
    public async Task A_custom_method_of_the_application_may_use_every_setting_of_assertions(bool obtainsToken)
    {
        await using var server = FakeAuthorizationServer.Create();

        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                options.ClientAuthenticationMethod = obtainsToken ? ClientAuthenticationMethod.ClientCredentials : new HeaderMethod();
                if (obtainsToken)
                    options.ClientCredentials.AuthenticationMethod = new HeaderMethod();
                options.ClientCredentials.TokenEndpoint = obtainsToken ? "https://auth.example.com/token" : null;
                options.SigningAlgorithm = "EdDSA";
                options.SigningKeyId = "1";
                options.ClientAssertionAudience = "https://auth.example.com";
                options.ClientAssertionType = "application";
            }
        );

        await api.AssertStatusAsync("/me", token: null, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task With_presented_token_401_means_inactive()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(401, """{"error":"invalid_token"}""");
        await using TestApi api = await TestApi.StartAsync(
            server,
            options => options.ClientAuthenticationMethod = ClientAuthenticationMethod.PresentedToken
        );

        using HttpResponseMessage response = await api.GetAsync("/me", Token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            "Bearer error=\"invalid_token\", error_description=\"The access token is not active.\"",
            response.Headers.WwwAuthenticate.ToString()
        );
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(407)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task With_presented_token_another_error_status_yields_503(int status)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(status, """{"active":false}""");
        await using TestApi api = await TestApi.StartAsync(
            server,
            options => options.ClientAuthenticationMethod = ClientAuthenticationMethod.PresentedToken
        );

        using HttpResponseMessage response = await api.GetAsync("/me", Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_basic_raw")]
    [InlineData("client_secret_post")]
    [InlineData("none")]
    [InlineData("bearer")]
    [InlineData("application")]
    public async Task With_any_other_method_401_yields_503(string name)
    {
        ClientAuthenticationMethod method = name switch
        {
            "bearer" => ClientAuthenticationMethod.BearerCredential(_ => ValueTask.FromResult("mine")),
            "application" => new HeaderMethod(),
            _ => ClientAuthenticationMethod.Find(name)!,
        };
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(401, """{"active":false}""");
        await using TestApi api = await TestApi.StartAsync(server, options => options.ClientAuthenticationMethod = method);

        using HttpResponseMessage first = await api.GetAsync("/me", Token);
        using HttpResponseMessage second = await api.GetAsync("/me", Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, first.StatusCode);
        Assert.Empty(first.Headers.WwwAuthenticate);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Equal(2, server.CallCount);
    }

    [Fact]
    public async Task A_wrong_secret_yields_503_and_is_logged_without_the_secret()
    {
        await using var server = FakeAuthorizationServer.Create(options => options.ClientSecret = "another-secret");
        string token = server.IssueToken();
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                options.ClientId = server.ClientId;
                options.ClientSecret = "marker-of-the-secret";
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/me", token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(api.Log.Entries, entry => entry.Event.Name == "CredentialsRefused");
        Assert.DoesNotContain("marker-of-the-secret", api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("api:marker-of-the-secret"u8), api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, api.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client_secret_basic", null, "secret", "ClientId is not set")]
    [InlineData("client_secret_basic", "", "secret", "ClientId is not set")]
    [InlineData("client_secret_basic", "api", null, "ClientSecret is not set")]
    [InlineData("client_secret_basic_raw", null, "secret", "ClientId is not set")]
    [InlineData("client_secret_basic_raw", "api", null, "ClientSecret is not set")]
    [InlineData("client_secret_basic_raw", "a:b", "secret", "ClientId has a colon")]
    [InlineData("client_secret_post", null, "secret", "ClientId is not set")]
    [InlineData("client_secret_post", "api", null, "ClientSecret is not set")]
    [InlineData("none", null, null, "ClientId is not set")]
    [InlineData("none", "api", "secret", "ClientSecret is set")]
    public void Missing_options_of_a_method_are_reported(string name, string? id, string? secret, string fault)
    {
        var options = new OAuthIntrospectionOptions { ClientId = id, ClientSecret = secret };

        IEnumerable<string> faults = ClientAuthenticationMethod.Find(name)!.Validate(options);

        Assert.StartsWith(fault, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client_secret_basic", "a:b", "")]
    [InlineData("client_secret_basic", "api", "secret")]
    [InlineData("client_secret_basic_raw", "api", "")]
    [InlineData("client_secret_basic_raw", "api", "a:b")]
    [InlineData("client_secret_post", "api", "")]
    [InlineData("none", "api", null)]
    [InlineData("none", "api", "")]
    [InlineData("presented_token", null, null)]
    public void The_required_options_of_a_method_suffice(string name, string? id, string? secret)
    {
        var options = new OAuthIntrospectionOptions { ClientId = id, ClientSecret = secret };

        IEnumerable<string> faults = ClientAuthenticationMethod.Find(name)!.Validate(options);

        Assert.Empty(faults);
    }

    [Fact]
    public void Every_known_method_is_found_only_by_its_exact_name()
    {
        Assert.All(ClientAuthenticationMethod.Names, name => Assert.Equal(name, ClientAuthenticationMethod.Find(name)!.ToString()));
        Assert.Null(ClientAuthenticationMethod.Find("Client_Secret_Basic"));
        Assert.Null(ClientAuthenticationMethod.Find(""));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void A_method_of_the_application_needs_a_name(string? name) =>
        Assert.ThrowsAny<ArgumentException>(() => new HeaderMethod(name!));

    [Fact]
    public void Two_methods_of_the_application_with_one_name_share_no_cached_response() =>
        Assert.NotEqual(new HeaderMethod().CacheIdentity, new HeaderMethod().CacheIdentity);

    [Fact]
    public async Task What_times_out_while_the_application_stops_is_not_blamed_on_its_code()
    {
        using var stopping = new CancellationTokenSource();
        using var request = new HttpRequestMessage();
        var context = new ClientAuthenticationContext
        {
            Request = request,
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal),
            CancellationToken = CancellationToken.None,
            Stopping = stopping.Token,
        };

        Unavailability running = context.TimedOut(UnavailableReason.ApplicationTimedOut, new TimeoutException());
        await stopping.CancelAsync();
        Unavailability stopped = context.TimedOut(UnavailableReason.ApplicationTimedOut, new TimeoutException());

        Assert.Equal((UnavailableReason.ApplicationTimedOut, UnavailableReason.Stopped), (running.Reason, stopped.Reason));
    }

    private static async Task<IntrospectionCall> CaptureCallAsync(ClientAuthenticationMethod method, string? id, string? secret)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true}""");
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                options.ClientAuthenticationMethod = method;
                options.ClientId = id;
                options.ClientSecret = secret;
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/me", Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return Assert.Single(server.Calls);
    }

    private static string NamesOf(IntrospectionCall call) => string.Join(' ', call.Parameters.Keys.Order(StringComparer.Ordinal));

    private sealed class HeaderMethod(string name = "application") : ClientAuthenticationMethod(name)
    {
        public override ValueTask AuthenticateAsync(ClientAuthenticationContext context)
        {
            context.Request.Headers.Add("X-Client", $"{context.Scheme} {context.Token}");
            context.Parameters["assertion"] = "signed";
            return ValueTask.CompletedTask;
        }
    }
}
