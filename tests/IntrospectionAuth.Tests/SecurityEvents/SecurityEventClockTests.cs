using System.Net;
using IntrospectionAuth.Tests.BackChannelLogout;
using IntrospectionAuth.Tests.Responses;
using Microsoft.AspNetCore.Builder;

namespace IntrospectionAuth.Tests.SecurityEvents;

/// <summary>What is pushed after the clock was set back.</summary>
public sealed class SecurityEventClockTests
{
    private const string Token = "user-1.session-1.org-1";

    [Fact]
    public async Task A_logout_is_accepted_once_after_a_clock_that_was_ahead_for_a_security_event_is_set_back()
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync(
            static (_, app) =>
            {
                app.MapSecurityEvents(static options => options.Audiences.Add(SecurityEventApi.Audience));
                app.MapBackChannelLogout();
            }
        );
        SignedResponse pushed = api.Create(SecurityEventApi.Caep + "session-revoked", api.Subject("user-2"));
        api.Time.Advance(TimeSpan.FromHours(2));
        using HttpResponseMessage accepted = await api.PushAsync(pushed);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        api.Time.SetBack(TimeSpan.FromHours(2));
        await api.UseAsync(Token);
        string logout = CreateLogout(api);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(api, logout));

        Assert.Equal("1", await api.FindRemovedAsync(Token));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(api, logout));
        api.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(api, logout));
    }

    private static string CreateLogout(SecurityEventApi api)
    {
        SignedResponse token = api.Create(LogoutApi.Event);
        token.Header["typ"] = "logout+jwt";
        token.Claims.Remove("sub_id");
        token.Claims["aud"] = "api";
        token.Claims["exp"] = token.Claims["iat"]!.GetValue<long>() + 120;
        token.Claims["sub"] = "user-1";
        return token.ToString();
    }

    private static async Task<HttpStatusCode> SendAsync(SecurityEventApi api, string token)
    {
        using var body = new FormUrlEncodedContent([new KeyValuePair<string, string>("logout_token", token)]);
        using HttpResponseMessage response = await api.Api.Client.PostAsync(LogoutApi.Path, body);
        return response.StatusCode;
    }
}
