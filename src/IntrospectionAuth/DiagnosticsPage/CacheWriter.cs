using System.Text.Json;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Diagnostics;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.DiagnosticsPage;

/// <summary>Writes <c>cache.json</c>. docs/diagnostics.md describes it.</summary>
internal sealed class CacheWriter(
    IAuthenticationSchemeProvider schemes,
    IOptionsMonitor<OAuthIntrospectionOptions> options,
    IntrospectionCache cache,
    TokenFingerprints fingerprints,
    TimeProvider time
)
{
    /// <summary>How many entries of each kind are listed: the newest ones.</summary>
    private const int Listed = 100;

    public async Task WriteAsync(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("now", time.GetUtcNow());
        json.WriteStartArray("schemes");
        foreach (AuthenticationScheme scheme in await schemes.GetIntrospectionSchemesAsync())
        {
            // A scheme with invalid options, which only one that was added at run time can have, has never cached a response.
            if (options.Find(scheme.Name, out _) is { } valid)
                Write(json, new IntrospectionScheme(scheme.Name, valid));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, IntrospectionScheme scheme)
    {
        (EntryStore Active, EntryStore Inactive)? stores = cache.FindStores(scheme.Name);
        json.WriteStartObject();
        json.WriteString("name", scheme.Name);
        Write(json, "active", stores?.Active, scheme.Options.Cache.MaximumEntries, scheme);
        Write(json, "inactive", stores?.Inactive, scheme.Options.Cache.MaximumInactiveEntries, scheme);
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, string name, EntryStore? store, int limit, IntrospectionScheme scheme)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", store?.Count ?? 0);
        json.WriteNumber("limit", store?.Limit ?? limit);
        json.WriteNumber("evictions", store?.Evictions ?? 0);
        json.WriteStartArray("entries");
        foreach (CacheEntry entry in store?.Entries.OrderByDescending(static entry => entry.ObtainedAt).Take(Listed) ?? [])
            Write(json, entry, scheme);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, CacheEntry entry, IntrospectionScheme scheme)
    {
        DateTimeOffset now = scheme.Now;
        (DateTimeOffset until, string endedBy) = Freshness.FreshnessEnd(entry, scheme.Options.Cache);
        json.WriteStartObject();
        json.WriteString("token", fingerprints.Of(entry.Key));
        json.WriteString("state", NameOf(Freshness.StateOf(entry, scheme.Options.Cache, now)));
        json.WriteString("obtainedAt", entry.ObtainedAt);
        json.WriteNumber("ageSeconds", Math.Round((now - entry.ObtainedAt).TotalSeconds, 3));
        json.WriteString("freshUntil", until);
        json.WriteString("endedBy", endedBy);
        json.WriteString("usableUntil", Freshness.UsableUntil(entry, scheme.Options.Cache));
        json.WriteEndObject();
    }

    private static string NameOf(EntryState state) =>
        state switch
        {
            EntryState.Expired => "expired",
            EntryState.Stale => "stale",
            EntryState.RefreshDue => "refreshDue",
            _ => "fresh",
        };
}
