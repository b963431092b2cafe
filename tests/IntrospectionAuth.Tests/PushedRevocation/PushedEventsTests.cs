using System.Text.Json.Nodes;
using IntrospectionAuth.PushedRevocation;
using IntrospectionAuth.Removals;
using IntrospectionAuth.Tests.BackChannelLogout;
using IntrospectionAuth.Tests.SecurityEvents;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.Telemetry;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.PushedRevocation;

/// <summary>What an operator sees of events that revoke nothing, and how many removals are repeated.</summary>
public sealed class PushedEventsTests
{
    [Fact]
    public async Task Each_type_of_event_that_removes_nothing_is_measured_and_logged_by_its_name()
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        using var metrics = new MeasurementRecorder(api.Api.Services);
        var status = new JsonObject { ["status"] = "paused" };

        (await api.PushAsync(api.Create("https://other.example.com/event"))).Dispose();
        (await api.PushAsync(api.Create(SecurityEventApi.Ssf + "verification"))).Dispose();
        (await api.PushAsync(api.Create(SecurityEventApi.Ssf + "stream-updated", payload: status))).Dispose();

        Assert.Equal(
            ["type=other result=ignored", "type=verification result=ignored", "type=stream-updated result=ignored"],
            metrics
                .Of(OAuthIntrospectionTelemetry.PushedEvents)
                .Select(measured => measured.Replace("introspection_auth.event.", "", StringComparison.Ordinal))
                .Select(measured => measured.Replace("1 source=security_events ", "", StringComparison.Ordinal))
        );
        LogEntry[] ignored = [.. api.Api.Log.Entries.Where(entry => entry.Event.Name == "EventIgnored")];
        Assert.Equal(2, ignored.Length);
        Assert.Contains("the event other removed nothing: it does not revoke tokens. Logged", ignored[0].Text, StringComparison.Ordinal);
        Assert.Contains(
            "the event verification removed nothing: it verifies that events arrive. Logged",
            ignored[1].Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_removals_of_ten_thousand_events_are_repeated_and_no_more()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        RepeatedRemovals repeated = api.Services.GetRequiredService<RepeatedRemovals>();
        await api.UseAsync("u1", "u2");

        for (int i = 0; i < 9_999; i++)
            repeated.Add([]);
        repeated.Add([Removal.Of(RemovalKind.Subject, "u1")]);
        repeated.Add([Removal.Of(RemovalKind.Subject, "u2")]);
        api.Time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(["u1"], await api.FindRemovedAsync("u1", "u2"));
    }

    [Fact]
    public async Task The_endpoint_has_a_name_for_the_log_of_the_routing()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();

        Assert.Contains(
            api.Services.GetRequiredService<EndpointDataSource>().Endpoints,
            endpoint => endpoint.DisplayName == "Back-channel logout"
        );
    }
}
