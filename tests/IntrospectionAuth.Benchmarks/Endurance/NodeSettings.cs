using System.Globalization;
using System.Text.Json.Nodes;
using IntrospectionAuth.Benchmarks.Fleet;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>The settings of the nodes: the scheme has what is common, and each tenant its authorization server.</summary>
internal sealed class NodeSettings(IReadOnlyDictionary<string, TenantServer> servers)
{
    /// <summary>The <c>Timeout</c> that a reload sets: the default and a shorter one.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(5),
        ShortestTimeout = TimeSpan.FromSeconds(4);

    public TimeSpan Timeout { get; set; } = LongestTimeout;

    public string Audience { get; set; } = TenantNames.Audience;

    public bool HasGuest { get; set; } = true;

    /// <summary>Whether a setting cannot be read.</summary>
    public bool IsInvalid { get; set; }

    /// <summary>Writes the settings of a node to its file, in one step.</summary>
    public void Write(string file, int enginePort)
    {
        var tenants = new JsonObject();
        foreach (TenantServer server in servers.Values.Where(server => HasGuest || server.Name != TenantNames.Guest))
            tenants[server.Name] = OfTenant(server);

        JsonObject scheme = OfServer(servers[TenantNames.Pushing]);
        scheme[nameof(OAuthIntrospectionOptions.Timeout)] = IsInvalid ? "soon" : Text(Timeout);
        scheme["Audiences"] = new JsonArray(TenantNames.Audience);
        scheme["Cache"] = new JsonObject
        {
            ["MaximumAge"] = Text(FleetSettings.MaximumAge),
            ["RefreshAfter"] = "00:00:10",
            ["InactiveAge"] = "00:00:02",
        };
        scheme["SharedCache"] = new JsonObject
        {
            ["Redis"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{enginePort}"),
            ["Secrets"] = new JsonArray(FleetSettings.Secret),
            ["FeedPatience"] = Text(FleetSettings.Patience),
            [nameof(OAuthIntrospectionOptions.Timeout)] = "00:00:01", // 50 ms, the default, is too short on a busy machine
        };
        scheme["Tenants"] = tenants;
        var settings = new JsonObject
        {
            ["Authentication"] = new JsonObject
            {
                ["Schemes"] = new JsonObject { [OAuthIntrospectionDefaults.AuthenticationScheme] = scheme },
            },
        };
        File.WriteAllText(file + ".new", settings.ToJsonString());
        File.Move(file + ".new", file, overwrite: true);
    }

    private JsonObject OfTenant(TenantServer server)
    {
        JsonObject tenant = OfServer(server);
        switch (server.Name)
        {
            case TenantNames.Signed:
                tenant["RequireSignedResponse"] = true;
                break;
            case TenantNames.Bound:
                tenant["RequireDPoP"] = true;
                break;
            case TenantNames.Plain:
                tenant["Audiences"] = new JsonArray(Audience);
                break;
        }

        return tenant;
    }

    private static JsonObject OfServer(TenantServer server) =>
        new()
        {
            ["Authority"] = server.Issuer,
            ["ClientId"] = server.Server.ClientId,
            ["ClientSecret"] = server.Server.ClientSecret,
        };

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);
}
