using System.Net;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>Requests that a client library does not send, and callers that do not wait.</summary>
public sealed class TenantRequestTests
{
    private const string Token = "opaque-token-4711";

    [Theory]
    [InlineData("acme.example.com:8443", "acme.example.com", "acme")]
    [InlineData("ACME.Example.COM", "acme.example.com", "acme")]
    [InlineData("xn--bcher-kva.example.com", "xn--bcher-kva.example.com", "xn--bcher-kva")]
    [InlineData("xn--0", "xn--0", null)] // Request.Host throws
    [InlineData("xn--0.example.com", "xn--0.example.com", "xn--0")]
    [InlineData("a.acme.example.com", "a.acme.example.com", null)]
    [InlineData("acme-example.com", "acme-example.com", null)]
    [InlineData("example.com", "example.com", null)]
    [InlineData("", "", null)]
    public async Task The_host_is_the_name_as_it_was_sent_in_lower_case(string sent, string host, string? subdomain)
    {
        var names = new List<string?>();
        await using TenantApi api = await TenantApi.StartAsync(resolve: async request =>
        {
            names.Add(await OAuthIntrospectionTenantNames.FromHost()(request));
            names.Add(await OAuthIntrospectionTenantNames.FromSubdomain("Example.com")(request));
            return null;
        });

        AuthenticateResult result = await AuthenticateAsync(api, sent);

        Assert.Equal([host, subdomain], names);
        Assert.Equal(OAuthIntrospectionFailure.UnknownTenant, Assert.IsType<OAuthIntrospectionException>(result.Failure).Failure);
    }

    [Fact]
    public async Task A_domain_may_be_written_in_Unicode()
    {
        var names = new List<string?>();
        await using TenantApi api = await TenantApi.StartAsync(resolve: async request =>
        {
            names.Add(await OAuthIntrospectionTenantNames.FromSubdomain("bücher.example")(request));
            return null;
        });

        await AuthenticateAsync(api, "acme.xn--bcher-kva.example");

        Assert.Equal(["acme"], names);
    }

    [Fact]
    public async Task A_caller_that_disconnects_while_its_tenant_is_resolved_is_not_an_unhandled_exception()
    {
        await using TenantApi api = await TenantApi.StartAsync(resolve: static _ => new("acme"));
        using var caller = new CancellationTokenSource();
        var gate = new TaskCompletionSource();
        api.OnResolving = async (_, _) =>
        {
            await caller.CancelAsync();
            await gate.Task;
        };
        api.Issue("acme", Token, "alice");

        AuthenticateResult abandoned = await AuthenticateAsync(api, "localhost", caller.Token);
        gate.SetResult();

        Assert.IsType<OAuthIntrospectionException>(abandoned.Failure);
        Assert.True((await AuthenticateAsync(api, "localhost")).Succeeded);
        Assert.Equal(["acme"], api.Resolved);
    }

    [Theory]
    [InlineData("acme_5f0c", "acme")]
    [InlineData("acme_beta_5f0c", "acme")]
    [InlineData("_5f0c", null)]
    [InlineData("5f0c", null)]
    public async Task The_prefix_of_a_token_ends_at_the_first_separator(string token, string? prefix)
    {
        var names = new List<string?>();
        await using TenantApi api = await TenantApi.StartAsync(resolve: async request =>
        {
            names.Add(await OAuthIntrospectionTenantNames.FromTokenPrefix('_')(request));
            return null;
        });

        await AuthenticateAsync(api, context => context.Request.Headers.Authorization = "Bearer " + token);

        Assert.Equal([prefix], names);
    }

    [Fact]
    public async Task The_path_after_the_path_base_is_no_part_of_the_name()
    {
        var names = new List<string?>();
        await using TenantApi api = await TenantApi.StartAsync(resolve: async request =>
        {
            names.Add(await OAuthIntrospectionTenantNames.FromPathBase()(request));
            return null;
        });

        await AuthenticateAsync(api, static context => (context.Request.PathBase, context.Request.Path) = ("/acme", "/beta"));

        Assert.Equal(["acme"], names);
    }

    [Fact]
    public async Task Nothing_is_resolved_for_a_name_that_is_too_long_or_no_text()
    {
        string[] possible = [new('a', 128), "\U0001F600", "a\U0001F600b"];
        string[] impossible = [new('a', 129), "\ud83d", "a\ud83d", "\ud83da", "\ude00a", "\ud83d\ud83d"];
        string name = "";
        await using TenantApi api = await TenantApi.StartAsync(resolve: _ => new(name));

        foreach (string sent in (string[])[.. impossible, .. possible])
        {
            name = sent;
            AuthenticateResult result = await AuthenticateAsync(api, "localhost");
            Assert.Equal(OAuthIntrospectionFailure.UnknownTenant, Assert.IsType<OAuthIntrospectionException>(result.Failure).Failure);
        }

        Assert.Equal(possible, api.Resolved);
    }

    public static MatrixTheoryData<string, string, TokenFilterMismatch> Malformed =>
        new(
            ["token prefix", "token claim", "unknown", "broken", "known"],
            ["Bearer", "Bearer acme.one two", "Bearer acme.tok:en", "DPoP acme.\"token\""],
            Enum.GetValues<TokenFilterMismatch>()
        );

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_header_is_a_bad_request_even_if_it_leads_to_no_tenant(
        string place,
        string header,
        TokenFilterMismatch mismatch
    )
    {
        await using TenantApi api = await TenantApi.StartAsync(
            options => options.TokenFilter.Mismatch = mismatch,
            resolve: place switch
            {
                "token prefix" => OAuthIntrospectionTenantNames.FromTokenPrefix('.'),
                "token claim" => OAuthIntrospectionTenantNames.FromTokenClaim("org_id"),
                "unknown" => static _ => new("nowhere"),
                "broken" => static _ => throw new InvalidOperationException("the store is down"),
                _ => static _ => new("acme"),
            }
        );

        using var request = new HttpRequestMessage(HttpMethod.Get, "/t/acme");
        request.Headers.TryAddWithoutValidation("Authorization", header);
        using HttpResponseMessage response = await api.Api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("error=\"invalid_request\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, api["acme"].CallCount);
        string entry = Assert.Single(api.Api.Log.Entries, static it => it.Event.Name == "NotAuthenticated").Text;
        Assert.Contains("one access token", entry, StringComparison.Ordinal);
    }

    private static Task<AuthenticateResult> AuthenticateAsync(TenantApi api, string host, CancellationToken requestAborted = default) =>
        AuthenticateAsync(
            api,
            context =>
            {
                context.RequestAborted = requestAborted;
                context.Request.Headers.Host = host;
            }
        );

    private static async Task<AuthenticateResult> AuthenticateAsync(TenantApi api, Action<HttpContext> configure)
    {
        using IServiceScope scope = api.Api.Services.CreateScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Authorization = "Bearer " + Token;
        configure(context);
        return await context.AuthenticateAsync();
    }
}
