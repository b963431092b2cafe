using System.Text.Json;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Resilience;
using IntrospectionAuth.Server;
using IntrospectionAuth.TenantResolution;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;

namespace IntrospectionAuth.DiagnosticsPage;

/// <summary>Writes <c>schemes.json</c>. docs/diagnostics.md describes it.</summary>
internal sealed class SchemesWriter(
    IAuthenticationSchemeProvider schemes,
    IOptionsMonitor<OAuthIntrospectionOptions> options,
    SchemeServers servers,
    ServerDiscovery discovery,
    SchemeTenants tenants,
    TimeProvider time
)
{
    /// <summary>How many tenants of a scheme are listed: the first ones by name.</summary>
    private const int ListedTenants = 100;

    private readonly IReadOnlyList<Setting> _defaults = SchemeSettings.Of(new OAuthIntrospectionOptions());

    public async Task WriteAsync(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("now", time.GetUtcNow());
        json.WriteStartArray("schemes");
        foreach (AuthenticationScheme scheme in await schemes.GetIntrospectionSchemesAsync())
        {
            if (options.Find(scheme.Name, out string? fault) is { } valid)
                Write(json, scheme.Name, valid);
            else
                WriteFault(json, scheme.Name, fault);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFault(Utf8JsonWriter json, string name, string? fault)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("optionsFault", fault);
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, string scheme, OAuthIntrospectionOptions valid)
    {
        json.WriteStartObject();
        json.WriteString("name", scheme);
        if (valid.ResolvesTenants)
            WriteTenants(json, [.. tenants.Of(scheme).Where(static it => !it.Evicted.IsCompleted)]);
        else
            WriteServer(json, servers.Get(scheme, valid), discovery);
        json.WriteStartArray("settings");
        IReadOnlyList<Setting> settings = SchemeSettings.Of(valid);
        for (int i = 0; i < settings.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("name", settings[i].Name);
            json.WriteString("value", settings[i].Value);
            json.WriteBoolean("isSecret", settings[i].IsSecret);
            json.WriteBoolean("isDefault", settings[i] == _defaults[i]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTenants(Utf8JsonWriter json, IReadOnlyCollection<Tenant> tenants)
    {
        json.WriteStartObject("tenants");
        json.WriteNumber("count", tenants.Count);
        json.WriteStartArray("listed");
        foreach (Tenant tenant in tenants.OrderBy(static it => it.Name, StringComparer.Ordinal).Take(ListedTenants))
        {
            if (!tenant.TryUse())
                continue; // it has ended meanwhile

            using (tenant)
            {
                json.WriteStartObject();
                json.WriteString("name", LogText.Escape(tenant.Name));
                WriteServer(json, tenant.State.Server, tenant.State.Discovery);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteServer(Utf8JsonWriter json, SchemeServer server, ServerDiscovery discovery)
    {
        OAuthIntrospectionOptions settings = server.Options;
        ServerGuard guard = server.Guard;
        Outcome<ServerMetadata>? discovered = discovery.FindLatest(server.Scheme);
        string? endpoint = settings.DiscoversEndpoint
            ? ServerUrl.Describe(discovered?.Value?.EndpointFor(settings))
            : ServerUrl.Describe(Uri.TryCreate(settings.IntrospectionEndpoint, UriKind.Absolute, out Uri? configured) ? configured : null);

        json.WriteStartObject("server");
        json.WriteString("clientAuthenticationMethod", settings.ClientAuthenticationMethod.Name);
        json.WriteString("endpoint", endpoint);
        json.WriteString("endpointSource", settings.DiscoversEndpoint ? "discovered" : "configured");
        json.WriteString(
            "discoveryFault",
            discovered?.Unavailability is { } unavailability ? UnavailabilityDescription.For(unavailability, settings) : null
        );
        json.WriteString("breaker", NameOf(guard.Breaker.State, settings.Resilience.Enabled));
        json.WriteNumber("usableInSeconds", Math.Round(guard.UsableIn.TotalSeconds, 3));
        if (guard.LastResponseAt is { } lastResponseAt)
            json.WriteString("lastResponseAt", lastResponseAt);
        else
            json.WriteNull("lastResponseAt");
        json.WriteEndObject();
    }

    private static string NameOf(CircuitState breaker, bool isEnabled) =>
        !isEnabled ? "off"
        : breaker == CircuitState.Closed ? "closed"
        : breaker == CircuitState.HalfOpen ? "halfOpen"
        : "open";
}
