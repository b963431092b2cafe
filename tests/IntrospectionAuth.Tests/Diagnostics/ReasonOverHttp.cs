using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Diagnostics;

/// <summary>A request that fails for a rare reason, over real sockets on both sides.</summary>
/// <param name="Reason">What the reason names.</param>
/// <param name="Hint">What the hint names: the thing or the setting to look at.</param>
internal sealed record ReasonOverHttp(string Reason, string Hint)
{
    public const string Token = "opaque-token-0123456789";

    public int Status { get; init; } = 503;

    /// <summary>The event that also has the hint, besides that of the refusal; null for none.</summary>
    public string? Outage { get; init; }

    /// <summary>Sets the options; the endpoint, the client and its secret are set before.</summary>
    public Action<OAuthIntrospectionOptions, MetadataServer>? Configure { get; init; }

    /// <summary>Sets what the authorization server does; without it, the token is active.</summary>
    public Action<MetadataServer, KestrelApi>? Server { get; init; }

    /// <summary>Sends the request; by default one with a bearer token.</summary>
    public Func<KestrelApi, MetadataServer, ManualTimeProvider, Task<HttpResponseMessage>> Send { get; init; } =
        static (api, _, _) => SendBearerAsync(api);

    public static Task<HttpResponseMessage> SendBearerAsync(KestrelApi api) =>
        api.SendAsync(HttpMethod.Get, "/me", authorization: "Bearer " + Token);
}
