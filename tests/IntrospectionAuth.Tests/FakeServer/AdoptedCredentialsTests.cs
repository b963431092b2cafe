using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Certificates;
using IntrospectionAuth.Tests.Jose;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.FakeServer;

/// <summary>The fake server accepts the configured credentials of the application under test.</summary>
public sealed class AdoptedCredentialsTests
{
    private const string Section = "Authentication:Schemes:OAuthIntrospection:";
    private const string Id = "the real id + 100% of it";
    private const string Secret = "the real secret + 100% of it, and long enough for HS256";

    public static TheoryData<string, bool> Methods
    {
        get
        {
            string[] methods =
            [
                "client_secret_basic",
                "client_secret_basic_raw",
                "client_secret_post",
                "client_secret_jwt",
                "private_key_jwt",
                "none",
                "presented_token",
                "bearer",
                "client_credentials by client_secret_basic",
                "client_credentials by client_secret_post",
                "client_credentials by client_secret_jwt",
                "client_credentials by private_key_jwt",
            ];
            var data = new TheoryData<string, bool>();
            foreach (string method in methods)
            {
                data.Add(method, false);
                data.Add(method, true);
            }

            return data;
        }
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Tests_pass_with_user_secrets_and_without(string environment)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
            host.UseEnvironment(environment)
                .ConfigureAppConfiguration(
                    (context, configuration) =>
                    {
                        if (context.HostingEnvironment.EnvironmentName == "Development")
                        {
                            configuration.AddInMemoryCollection([
                                new(Section + "ClientId", "real-id"),
                                new(Section + "ClientSecret", "real-secret"),
                                new(Section + "Authority", "https://login.example.org"),
                            ]);
                        }
                    }
                )
                .ConfigureTestServices(services => services.UseFakeAuthorizationServer(server))
        );
        HttpClient client = factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.IssueToken("read"));

        using HttpResponseMessage response = await client.GetAsync("/read");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(environment == "Development" ? "real-id" : server.ClientId, Assert.Single(server.Calls).ClientAuthentication.ClientId);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task The_applications_credentials_are_accepted_with_every_method(string method, bool listens)
    {
        await using FakeAuthorizationServer server = await CreateAsync(listens);
        await using TestApi api = await TestApi.StartAsync(server, options => Configure(options, method));

        using HttpResponseMessage good = await api.GetAsync("/read", server.IssueToken("read"));
        using HttpResponseMessage bad = await api.GetAsync("/read", "unknown");

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, bad.StatusCode);
        Assert.Equal(2, server.CallCount);
    }

    [Fact]
    public async Task Only_the_client_id_of_a_client_with_a_certificate_is_checked()
    {
        using X509Certificate2 certificate = CertificateServer.CreateCertificate("api");
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.TlsClientAuth;
                options.ClientId = Id;
                options.ClientCertificate = certificate;
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/read", server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Schemes_with_their_own_credentials_and_one_without_are_all_accepted()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection("one", options => (options.ClientId, options.ClientSecret) = ("id-1", "secret-1"))
                        .AddOAuthIntrospection(
                            "two",
                            options =>
                            {
                                (options.ClientId, options.ClientSecret) = ("id-2", "");
                                options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientSecretPost;
                            }
                        )
                        .AddOAuthIntrospection("three", _ => { }),
                Schemes = ["one", "two", "three"],
            }
        );
        string token = server.IssueToken("read");

        foreach (string scheme in (string[])["one", "two", "three"])
            Assert.True((await api.AuthenticateAsync(token, scheme)).Succeeded, scheme);
        Assert.Equal(["id-1", "id-2", "api"], server.Calls.Select(call => call.ClientAuthentication.ClientId));
    }

    [Theory]
    [InlineData("client_secret_basic", "ClientId")]
    [InlineData("client_secret_basic", "ClientSecret")]
    [InlineData("client_secret_post", "ClientSecret")]
    [InlineData("client_secret_jwt", "ClientSecret")]
    [InlineData("private_key_jwt", "ClientId")]
    [InlineData("none", "ClientId")]
    [InlineData("bearer", "RequiredBearerToken")]
    [InlineData("client_secret_post", "RequiredClientAuthenticationMethod")]
    [InlineData("client_credentials by client_secret_basic", "ClientSecret")]
    public async Task The_options_of_the_fake_server_take_precedence(string method, string option)
    {
        await using var server = FakeAuthorizationServer.Create(options =>
        {
            switch (option)
            {
                case "ClientId":
                    options.ClientId = "the-only-id";
                    break;
                case "ClientSecret":
                    options.ClientSecret = "the only secret that is accepted here";
                    break;
                case "RequiredBearerToken":
                    options.RequiredBearerToken = "the-only-token";
                    break;
                default:
                    options.RequiredClientAuthenticationMethod = "client_secret_basic";
                    break;
            }
        });
        await using TestApi api = await TestApi.StartAsync(server, options => Configure(options, method));

        using HttpResponseMessage response = await api.GetAsync("/read", server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task The_client_id_of_the_fake_server_works_with_the_applications_secret()
    {
        await using var server = FakeAuthorizationServer.Create(options => options.ClientId = "known");
        await using TestApi api = await TestApi.StartAsync(server, options => (options.ClientId, options.ClientSecret) = ("known", Secret));

        using HttpResponseMessage response = await api.GetAsync("/read", server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Unknown_credentials_are_still_refused()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            options => (options.ClientId, options.ClientSecret) = ("id-1", "secret-1")
        );
        await api.AuthenticateAsync("token"); // creates the application's options
        using var client = new HttpClient(server.CreateHandler());

        (string Id, string Secret)[] pairs = [("id-1", "secret-of-the-fake"), ("api", "secret-1"), ("other", "secret-1"), ("id-1", "")];
        foreach ((string id, string secret) in pairs)
        {
            using var form = new FormUrlEncodedContent([new("token", "t"), new("client_id", id), new("client_secret", secret)]);
            using HttpResponseMessage response = await client.PostAsync(new Uri(server.IntrospectionEndpoint), form);

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_secret_from_a_configuration_reload_is_accepted_too()
    {
        await using var server = FakeAuthorizationServer.Create();
        IConfigurationManager? settings = null;
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                Configuration = configuration =>
                {
                    settings = configuration;
                    settings.AddInMemoryCollection([new(Section + "ClientId", "real-id"), new(Section + "ClientSecret", "old")]);
                },
            }
        );
        using HttpResponseMessage first = await api.GetAsync("/read", server.IssueToken("read"));

        settings![Section + "ClientSecret"] = "new";
        ((IConfigurationRoot)settings).Reload();
        using HttpResponseMessage second = await api.GetAsync("/read", server.IssueToken("read"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(["old", "new"], server.Calls.Select(call => call.ClientAuthentication.ClientSecret));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_sent_to_the_servers_in_the_applications_configuration(bool listens)
    {
        // These hosts do not exist. A request to one of them would fail, and the API would respond with 503.
        await using FakeAuthorizationServer server = await CreateAsync(listens);
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                Configure(options, "client_credentials by client_secret_basic");
                options.IntrospectionEndpoint = "https://introspection.invalid/introspect";
                options.ClientCredentials.TokenEndpoint = "https://token.invalid/oauth/token";
            }
        );
        using var client = new HttpClient(server.CreateHandler());

        using HttpResponseMessage response = await api.GetAsync("/read", server.IssueToken("read"));
        using HttpResponseMessage other = await client.GetAsync(new Uri("https://anybody.invalid/.well-known/openid-configuration"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Theory]
    [InlineData("grant_type=client_credentials", "api", "secret-of-the-fake", 200, "access_token")]
    [InlineData("grant_type=client_credentials&scope=a", "api", "secret-of-the-fake", 200, "access_token")]
    [InlineData("grant_type=client_credentials", "api", "wrong", 401, "invalid_client")]
    [InlineData("grant_type=password", "api", "secret-of-the-fake", 400, "unsupported_grant_type")]
    [InlineData("", "api", "secret-of-the-fake", 400, "unsupported_grant_type")]
    public async Task The_token_endpoint_issues_tokens_only_to_clients(string form, string id, string secret, int status, string body)
    {
        await using var server = FakeAuthorizationServer.Create();
        using var client = new HttpClient(server.CreateHandler());
        using var content = new StringContent(form, mediaType: new("application/x-www-form-urlencoded"));
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));

        using HttpResponseMessage response = await client.PostAsync(new Uri(server.TokenEndpoint), content);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(body, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, server.CallCount);
    }

    private static async Task<FakeAuthorizationServer> CreateAsync(bool listens) =>
        listens ? await FakeAuthorizationServer.ListenAsync() : FakeAuthorizationServer.Create();

    private static void Configure(OAuthIntrospectionOptions options, string method)
    {
        string[] parts = method.Split(" by ");
        options.ClientAuthenticationMethod = parts[0] switch
        {
            "bearer" => ClientAuthenticationMethod.BearerCredential(_ => new("another-token")),
            string name => ClientAuthenticationMethod.Find(name)!,
        };
        if (parts.Length == 2)
            options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.Find(parts[1])!;

        options.ClientId = Id;
        if (parts[^1].StartsWith("client_secret_", StringComparison.Ordinal))
            options.ClientSecret = Secret;
        if (parts[^1].EndsWith("_jwt", StringComparison.Ordinal))
            options.ClientAssertionAudience = "https://login.example.org";
        if (parts[^1] == "private_key_jwt")
            options.SigningKey = ClientSigningKey.FromJwk(RfcKeys.Es256Key);
    }
}
