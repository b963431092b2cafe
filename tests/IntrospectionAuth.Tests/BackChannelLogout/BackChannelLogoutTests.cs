using System.Text.Json.Nodes;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.Telemetry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.BackChannelLogout;

/// <summary>The endpoint that receives logout tokens: how it is mapped, and what it reports.</summary>
public sealed class BackChannelLogoutTests
{
    [Fact]
    public async Task Each_logout_is_measured_and_logged_once()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        using var metrics = new MeasurementRecorder(api.Services);
        await api.UseAsync("u1.s1", "u1");

        Assert.Equal(200, await api.GetStatusAsync(api.CreateToken()));
        Assert.Equal(400, (int)(await api.SendAsync("forged")).StatusCode);

        Assert.Equal(
            ["1 source=backchannel_logout type=logout result=removed", "1 source=backchannel_logout type=other result=rejected"],
            metrics
                .Of(OAuthIntrospectionTelemetry.PushedEvents)
                .Select(measured => measured.Replace("introspection_auth.event.", "", StringComparison.Ordinal))
        );
        Assert.Equal((1, 1), (api.Log.Count("TokensRevoked"), api.Log.Count("EventRejected")));
        Assert.Contains("backchannel_logout: the event logout removed 2 cache entries.", api.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_logout_takes_effect_even_if_its_sender_does_not_wait_for_the_keys()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        await api.UseAsync("u1.s1");
        var released = new TaskCompletionSource();
        string keys = new JsonObject { ["keys"] = new JsonArray(api.Server.Key.Jwk()) }.ToJsonString();
        api.Server.Http.On(
            SignedServer.Jwks,
            async context =>
            {
                await released.Task;
                await MetadataServer.WriteAsync(context, keys);
            }
        );
        using var leaving = new CancellationTokenSource();
        using var content = new FormUrlEncodedContent([new("logout_token", api.CreateToken().ToString())]);

        Task<HttpResponseMessage> sending = api.Client.PostAsync(LogoutApi.Path, content, leaving.Token);
        await api.Server.Http.WaitForAsync($"GET {SignedServer.Jwks}");
        await leaving.CancelAsync();
        released.SetResult();

        await api.Log.WaitForAsync("TokensRevoked");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(["u1.s1"], await api.FindRemovedAsync("u1.s1"));
    }

    [Fact]
    public async Task A_token_that_the_server_revokes_only_after_its_logout_token_is_removed_again()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        Assert.Equal(200, await api.GetStatusAsync(api.CreateToken()));
        await api.UseAsync("u1.s1", "u2");

        foreach (double seconds in new[] { 0.1, 0.4, 2.5, 7 })
        {
            api.Time.Advance(TimeSpan.FromSeconds(seconds - 0.1));
            Assert.Empty(await api.FindRemovedAsync("u1.s1", "u2"));
            api.Time.Advance(TimeSpan.FromSeconds(0.1));
            Assert.Equal(["u1.s1"], await api.FindRemovedAsync("u1.s1", "u2"));
        }

        api.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty(await api.FindRemovedAsync("u1.s1", "u2"));
    }

    [Fact]
    public async Task The_form_is_read_even_if_a_scheme_has_searched_it_for_a_token()
    {
        await using LogoutApi api = await LogoutApi.StartAsync(scheme: options => options.TokenRetrieval.FormBody = true);

        Assert.Equal(200, await api.GetStatusAsync(api.CreateToken()));
    }

    [Fact]
    public async Task The_endpoint_is_anonymous_even_with_a_fallback_policy()
    {
        await using LogoutApi api = await LogoutApi.StartAsync(services: services =>
            services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
        );

        Assert.Equal(200, await api.GetStatusAsync(api.CreateToken()));
    }

    [Theory]
    [InlineData("web", 200)]
    [InlineData("mobile", 200)]
    [InlineData("api", 400)]
    public async Task Tokens_for_other_clients_are_accepted_if_the_options_list_them(string audience, int expected)
    {
        await using LogoutApi api = await LogoutApi.StartAsync(options =>
        {
            options.ClientIds.Add("web");
            options.ClientIds.Add("mobile");
        });
        SignedResponse token = api.CreateToken();
        token.Claims["aud"] = audience;

        Assert.Equal(expected, await api.GetStatusAsync(token));
    }

    [Fact]
    public async Task With_several_schemes_the_endpoint_belongs_to_the_one_that_it_names()
    {
        await using LogoutApi api = await LogoutApi.StartAsync(
            options => options.AuthenticationScheme = OAuthIntrospectionDefaults.AuthenticationScheme,
            services: services =>
                services
                    .AddAuthentication()
                    .AddOAuthIntrospection(
                        "Other",
                        options =>
                        {
                            options.Authority = "https://other.example.com";
                            options.ClientId = "other";
                            options.ClientSecret = "secret";
                        }
                    )
        );
        SignedResponse other = api.CreateToken();
        other.Claims["iss"] = "https://other.example.com";
        other.Claims["aud"] = "other";

        Assert.Equal(400, await api.GetStatusAsync(other));
        Assert.Equal(200, await api.GetStatusAsync(api.CreateToken()));
    }

    [Theory]
    [InlineData(
        "no scheme",
        "set AuthenticationScheme, unless there is exactly one introspection scheme. There is none: call "
            + "AddAuthentication().AddOAuthIntrospection(…) first."
    )]
    [InlineData("two schemes", "set AuthenticationScheme, unless there is exactly one introspection scheme. There is: One, Two.")]
    [InlineData("unknown scheme", "'Three' is not the name of an introspection scheme. There is: One, Two.")]
    [InlineData("no authority", "scheme One has no Authority, which is the issuer of logout tokens and leads to its keys. Set it.")]
    [InlineData("no client", "scheme One has no ClientId, so the audience of logout tokens is unknown. Set it, or set ClientIds.")]
    [InlineData("empty client", "ClientIds has an empty value. Remove it, or write the client that is meant.")]
    [InlineData("no path", "Path is empty.")]
    public void A_mistake_stops_the_start_with_a_message_that_names_it(string mistake, string message)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting();
        AuthenticationBuilder authentication = builder.Services.AddAuthentication();
        if (mistake != "no scheme")
        {
            authentication.AddOAuthIntrospection(
                "One",
                options =>
                {
                    options.IntrospectionEndpoint = "https://server.example.com/introspect";
                    options.Authority = mistake == "no authority" ? null : "https://server.example.com";
                    options.ClientAuthenticationMethod = ClientAuthenticationMethod.PresentedToken;
                    options.ClientId = mistake == "no client" ? null : "api";
                }
            );
        }

        if (mistake is "two schemes" or "unknown scheme")
            authentication.AddOAuthIntrospection("Two", _ => { });
        WebApplication app = builder.Build();

        var exception = Assert.Throws<InvalidOperationException>(() =>
            app.MapBackChannelLogout(options =>
            {
                if (mistake == "unknown scheme")
                    options.AuthenticationScheme = "Three";
                if (mistake == "no path")
                    options.Path = "";
                if (mistake == "empty client")
                    options.ClientIds.Add(" ");
            })
        );

        Assert.Equal($"MapBackChannelLogout: {message}", exception.Message);
    }
}
