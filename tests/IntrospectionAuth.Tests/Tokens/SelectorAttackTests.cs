using System.Net;
using System.Text;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Tokens;

/// <summary>Requests that try to reach another scheme than the one of their token.</summary>
public sealed class SelectorAttackTests : IAsyncLifetime
{
    private FakeAuthorizationServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeAuthorizationServer.ListenAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_token_in_another_place_does_not_choose_the_scheme_of_the_token_that_is_read()
    {
        await using KestrelApi api = await StartAsync(
            selector => selector.ForwardPrefix("x_", "Query").ForwardPrefix("f_", "Form").DefaultScheme = "Other",
            query => query.TokenRetrieval.QueryPaths.Add("/hubs"),
            form => form.TokenRetrieval.FormBody = true
        );
        _server.IssueToken(token => token.Value = "f_1");

        using HttpResponseMessage response = await api.SendAsync(
            HttpMethod.Post,
            "/hubs?access_token=other",
            new StringContent("access_token=f_1", Encoding.ASCII, "application/x-www-form-urlencoded")
        );

        Assert.Equal("Form", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_malformed_token_reaches_the_introspection_scheme_of_the_first_rule_which_rejects_it()
    {
        await using KestrelApi api = await StartAsync(selector => selector.ForwardPrefix("q_", "Query").DefaultScheme = "Other");

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/", authorization: "Bearer a:b");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("realm=\"Query\"", response.Challenges(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_is_challenged_by_the_scheme_that_authenticated_it_even_if_its_path_has_changed()
    {
        await using KestrelApi api = await StartAsync(
            selector => selector.ForwardPath("/query", "Query").DefaultScheme = "Other",
            endpoints: app =>
                app.Map(
                    "/query",
                    async context =>
                    {
                        await context.AuthenticateAsync("Selector");
                        context.Request.Path = "/";
                        await context.ChallengeAsync("Selector");
                    }
                )
        );

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/query", authorization: "Bearer unknown");

        Assert.Contains("realm=\"Query\"", response.Challenges(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_is_not_read_where_only_the_query_may_have_the_token()
    {
        await using KestrelApi api = await StartAsync(
            selector => selector.ForwardJwt("Form").DefaultScheme = "Query",
            query => query.TokenRetrieval.QueryPaths.Add("/hubs")
        );
        _server.IssueToken(token => token.Value = "q_1");

        using HttpResponseMessage response = await api.SendAsync(
            HttpMethod.Post,
            "/hubs",
            new StringContent("access_token=q_1", Encoding.ASCII, "application/x-www-form-urlencoded")
        );

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task A_token_in_the_query_is_also_read_after_the_response_has_started()
    {
        await using KestrelApi api = await StartAsync(
            selector => selector.ForwardJwt("Form").DefaultScheme = "Query",
            query => query.TokenRetrieval.QueryPaths.Add("/hubs"),
            endpoints: app =>
                app.Map(
                    "/hubs/late",
                    async context =>
                    {
                        await context.Response.StartAsync();
                        AuthenticateResult result = await context.AuthenticateAsync("Query");
                        await context.Response.WriteAsync($"{result.Succeeded}");
                    }
                )
        );
        _server.IssueToken(token => token.Value = "q_1");

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/hubs/late?access_token=q_1");

        Assert.Equal("True", await response.Content.ReadAsStringAsync());
    }

    private Task<KestrelApi> StartAsync(
        Action<BearerSelectorOptions> select,
        Action<OAuthIntrospectionOptions>? query = null,
        Action<OAuthIntrospectionOptions>? form = null,
        Action<WebApplication>? endpoints = null
    ) =>
        KestrelApi.StartAsync(
            services =>
            {
                AuthenticationBuilder builder = services.AddAuthentication().AddBearerSelector("Selector", select);
                foreach ((string scheme, Action<OAuthIntrospectionOptions>? configure) in Schemes(query, form))
                {
                    builder.AddOAuthIntrospection(
                        scheme,
                        options =>
                        {
                            options.Realm = scheme;
                            configure?.Invoke(options);
                        }
                    );
                    services.UseFakeAuthorizationServer(_server, scheme);
                }
            },
            app =>
            {
                endpoints?.Invoke(app);
                app.Map("/{**rest}", (HttpContext context) => context.User.Identity!.AuthenticationType)
                    .RequireAuthorization(policy => policy.AddAuthenticationSchemes("Selector").RequireAuthenticatedUser());
            }
        );

    private static IEnumerable<(string Scheme, Action<OAuthIntrospectionOptions>? Configure)> Schemes(
        Action<OAuthIntrospectionOptions>? query,
        Action<OAuthIntrospectionOptions>? form
    ) => [("Query", query), ("Form", form), ("Other", null)];
}
