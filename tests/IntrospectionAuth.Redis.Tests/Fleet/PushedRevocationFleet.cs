namespace IntrospectionAuth.Redis.Tests.Fleet;

/// <summary>
/// Three nodes of which each receives events in another way: the first polls a transmitter, the second has an endpoint for its security
/// events, the third one for the webhooks of WorkOS.
/// </summary>
public sealed class PushedRevocationFleet : IAsyncLifetime
{
    internal const string WebhookSecret = "the-secret-of-the-webhook";

    private TestFleet? _fleet;
    private Transmitter? _transmitter;

    internal TestFleet Fleet => _fleet!;

    internal Transmitter Transmitter => _transmitter!;

    internal FleetNode Poller => Fleet.Nodes[0];

    internal FleetNode Receiver => Fleet.Nodes[1];

    internal FleetNode WebhookReceiver => Fleet.Nodes[2];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _transmitter = await Transmitter.StartAsync();
        var securityEvents = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SecurityEvents__Audience"] = Transmitter.Audience,
            ["SecurityEvents__Issuer"] = _transmitter.Url,
            ["SecurityEvents__KeysUrl"] = _transmitter.KeysUrl,
        };
        _fleet = await TestFleet.StartAsync(
            environments:
            [
                new(securityEvents, StringComparer.Ordinal) { ["SecurityEvents__PollEndpoint"] = _transmitter.PollUrl },
                securityEvents,
                new(StringComparer.Ordinal) { ["WorkOSWebhook__Secrets__0"] = WebhookSecret },
            ]
        );
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_fleet is not null)
            await _fleet.DisposeAsync();
        if (_transmitter is not null)
            await _transmitter.DisposeAsync();
    }
}
