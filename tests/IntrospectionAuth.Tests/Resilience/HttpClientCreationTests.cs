using System.Net;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.TenantResolution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace IntrospectionAuth.Tests.Resilience;

/// <summary>
/// Code of the application throws while the HTTP client of a scheme is created, because a vault is not reachable yet, for example.
/// </summary>
public sealed class HttpClientCreationTests : BadDayTest
{
    private bool _fails = true;

    public enum Code
    {
        PrimaryHandler,
        Handler,
        HandlerOfAllClients,
        Filter,
        Configuration,
    }

    public enum Fetch
    {
        Response,
        Token,
        Metadata,
    }

    public static MatrixTheoryData<Code, Fetch> Places => new(Enum.GetValues<Code>(), Enum.GetValues<Fetch>());

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Requests_succeed_when_it_no_longer_throws(Code code, Fetch fetch)
    {
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Time = Time,
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(options => Use(options, fetch));
                    Add(services, code);
                },
            }
        );

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await SendAsync(api));
        _fails = false;
        Time.Advance(TimeSpan.FromMinutes(2)); // metadata and tokens are not requested at once after a failure

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(api)).Status);
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api));
    }

    [Fact]
    public async Task A_client_is_created_once_when_it_no_longer_throws()
    {
        int created = 0;
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Time = Time,
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(static _ => { });
                    Client(services)
                        .AddHttpMessageHandler(() =>
                        {
                            ThrowIfFailing();
                            created++;
                            return new Passing();
                        });
                },
            }
        );
        await AskTimesAsync(api, 2, HttpStatusCode.ServiceUnavailable);
        _fails = false;

        await AskTimesAsync(api, 3, HttpStatusCode.OK);

        Assert.Equal(1, created);
    }

    [Theory]
    [InlineData(Code.Handler)]
    [InlineData(Code.Configuration)]
    public async Task Requests_of_a_tenant_succeed_when_it_no_longer_throws(Code code)
    {
        await using TenantApi api = await TenantApi.StartAsync(time: Time, services: services => Add(services, code));
        api.Issue("acme", "opaque-token-4711", "alice");

        Assert.Equal(503, await api.StatusAsync("acme", "opaque-token-4711"));
        _fails = false;
        Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("200 alice", await api.GetAsync("acme", "opaque-token-4711"));
    }

    private static IHttpClientBuilder Client(IServiceCollection services) =>
        services.AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName(OAuthIntrospectionDefaults.AuthenticationScheme));

    private void Add(IServiceCollection services, Code code)
    {
        switch (code)
        {
            case Code.PrimaryHandler:
                Client(services)
                    .ConfigurePrimaryHttpMessageHandler(() =>
                    {
                        ThrowIfFailing();
                        return new SocketsHttpHandler();
                    });
                break;
            case Code.Handler:
                Client(services).AddHttpMessageHandler(Create);
                break;
            case Code.HandlerOfAllClients:
                services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler(Create));
                break;
            case Code.Filter:
                services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new Filter(ThrowIfFailing));
                break;
            default:
                Client(services).ConfigureHttpClient(_ => ThrowIfFailing());
                break;
        }
    }

    private void Use(OAuthIntrospectionOptions options, Fetch fetch)
    {
        if (fetch == Fetch.Metadata)
            options.Authority = Server.Issuer; // the endpoint is discovered
        if (fetch != Fetch.Token)
            return;

        options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials;
        options.ClientCredentials.TokenEndpoint = Server.TokenEndpoint;
    }

    private Passing Create()
    {
        ThrowIfFailing();
        return new Passing();
    }

    private void ThrowIfFailing()
    {
        if (_fails)
            throw new IOException("The vault is not reachable.");
    }

    private sealed class Passing : DelegatingHandler;

    private sealed class Filter(Action run) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) =>
            builder =>
            {
                run();
                next(builder);
            };
    }
}
