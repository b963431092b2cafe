using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Http;

/// <summary>Warns of hosts that a scheme calls over plain http: once, and again when the hosts change.</summary>
internal sealed class PlainHttpWarnings(ILogger<PlainHttpWarnings> logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string[]> _configured = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _discovered = new(StringComparer.Ordinal);

    /// <summary>Checks the URLs that the options name.</summary>
    public void Note(string scheme, OAuthIntrospectionOptions options)
    {
        string?[] urls =
        [
            options.IntrospectionEndpoint,
            options.NeedsMetadata ? options.Authority : null,
            options.ClientCredentials.TokenEndpoint,
            options.Resource,
            .. options.ResourceMetadata.AuthorizationServers,
        ];
        Warn(scheme, _configured, FindHosts(urls.Select(ToUrl)));
    }

    /// <summary>Checks the URLs that the server's metadata names.</summary>
    public void Note(string scheme, IEnumerable<Uri?> discovered)
    {
        string[] hosts = FindHosts(discovered);
        lock (_lock)
            hosts = [.. hosts.Except(_configured.GetValueOrDefault(scheme, []), StringComparer.OrdinalIgnoreCase)];

        Warn(scheme, _discovered, hosts);
    }

    private void Warn(string scheme, Dictionary<string, string[]> warned, string[] hosts)
    {
        // A reload makes new options, and each refresh of the metadata names its endpoints again.
        lock (_lock)
        {
            bool isKnown = warned.GetValueOrDefault(scheme, []).SequenceEqual(hosts, StringComparer.OrdinalIgnoreCase);
            warned[scheme] = hosts;
            if (isKnown || hosts.Length == 0)
                return;
        }

        logger.PlainHttp(scheme, string.Join(", ", hosts));
    }

    private static string[] FindHosts(IEnumerable<Uri?> urls) =>
        [
            .. urls.OfType<Uri>()
                .Where(ServerUrl.IsExposed)
                .Select(static url => url.Authority)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.OrdinalIgnoreCase),
        ];

    private static Uri? ToUrl(string? text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? url) ? url : null;
}
