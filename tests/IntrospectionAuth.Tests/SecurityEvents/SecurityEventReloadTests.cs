using System.Net;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.SecurityEvents;

/// <summary>A reload that spoils the scheme's options loses no event: the transmitter sends it again.</summary>
public sealed class SecurityEventReloadTests
{
    private const string Token = "user-1.session-1.org-1";

    private static readonly string s_revoked = SecurityEventApi.Caep + "session-revoked";

    private Action<OAuthIntrospectionOptions> _change = static _ => { };

    [Fact]
    public async Task A_scheme_that_loses_its_Authority_yields_503_until_it_has_one_again()
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync(
            static (_, app) => app.MapSecurityEvents(static options => options.Audiences.Add(SecurityEventApi.Audience)),
            (_, services) => services.PostConfigureAll<OAuthIntrospectionOptions>(options => _change(options))
        );
        await api.UseAsync(Token);
        string text = api.Create(s_revoked).ToString();

        Reload(
            api,
            options =>
            {
                options.Authority = null;
                options.IntrospectionEndpoint = "https://auth.example.com/introspect";
            }
        );
        using HttpResponseMessage failed = await api.PushAsync(text);
        Reload(api, static _ => { });
        using HttpResponseMessage repeated = await api.PushAsync(text);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        Assert.Contains("an event was rejected: The scheme no longer has an Authority. Logged", api.Api.Log.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, repeated.StatusCode);
        Assert.Equal("1", await api.FindRemovedAsync(Token));
    }

    [Fact]
    public async Task A_failure_of_this_API_is_not_reported_as_a_request_that_ended_early()
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync(
            static (server, app) =>
                app.MapSecurityEvents(options =>
                {
                    options.AuthenticationScheme = "Other";
                    options.Audiences.Add(SecurityEventApi.Audience);
                    options.Issuer = server.Url;
                    options.KeysUrl = server.Url + SignedServer.Jwks;
                }),
            (_, services) =>
            {
                services
                    .AddAuthentication(OAuthIntrospectionDefaults.AuthenticationScheme)
                    .AddOAuthIntrospection(
                        "Other",
                        static options =>
                        {
                            options.IntrospectionEndpoint = "https://auth.example.com/introspect";
                            options.ClientId = "api";
                            options.ClientSecret = "secret";
                        }
                    );
                services.PostConfigure<OAuthIntrospectionOptions>("Other", options => _change(options));
            }
        );
        await api.UseAsync(Token);
        string text = api.Create(s_revoked).ToString();

        Reload(api, static _ => throw new IOException("The vault is closed."));
        await Assert.ThrowsAsync<IOException>(() => api.PushAsync(text)); // A server turns it into 500, after which the event comes again.
        Reload(api, static _ => { });
        using HttpResponseMessage repeated = await api.PushAsync(text);

        Assert.Equal(HttpStatusCode.Accepted, repeated.StatusCode);
        Assert.Equal("1", await api.FindRemovedAsync(Token));
    }

    [Fact]
    public async Task A_poller_survives_options_that_cannot_be_read()
    {
        var transmitter = new PollTransmitter();
        await using SecurityEventApi api = await SecurityEventApi.StartAsync(
            static (_, _) => { },
            (server, services) =>
            {
                services.PostConfigureAll<OAuthIntrospectionOptions>(options => _change(options));
                server.Http.On(PollTransmitter.Path, transmitter.HandleAsync);
                services.AddSecurityEventPoller(options =>
                {
                    options.Endpoint = server.Url + PollTransmitter.Path;
                    options.Audiences.Add(SecurityEventApi.Audience);
                });
            }
        );
        await api.UseAsync(Token);
        await transmitter.WaitForPollAsync(1);
        SignedResponse token = api.Create(s_revoked);

        Reload(api, static _ => throw new InvalidOperationException("The vault is closed."));
        transmitter.RespondWith(token);
        await api.Api.Log.WaitForAsync("PollFailed");
        await api.Time.WaitForTimersAsync(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), 1);
        Reload(api, static _ => { });
        api.Time.Advance(TimeSpan.FromSeconds(1));
        transmitter.RespondWith(token);

        Assert.NotNull((await transmitter.WaitForPollAsync(3)).Body["ack"]);
        Assert.Equal("1", await api.FindRemovedAsync(Token));
        LogEntry entry = Assert.Single(api.Api.Log.Entries, static entry => entry.Event.Name == "PollFailed");
        Assert.Contains("cannot be polled: its events could not be applied. The next", entry.Text, StringComparison.Ordinal);
        Assert.Contains("The vault is closed.", entry.Text, StringComparison.Ordinal);
    }

    private void Reload(SecurityEventApi api, Action<OAuthIntrospectionOptions> change)
    {
        _change = change;
        api.Api.Services.GetRequiredService<IOptionsMonitorCache<OAuthIntrospectionOptions>>().Clear();
    }
}
