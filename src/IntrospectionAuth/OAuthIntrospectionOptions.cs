using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth;

/// <summary>Options of one introspection scheme: the authorization server, how it is called, and which tokens are accepted.</summary>
/// <remarks>
/// They can be set in code, or in configuration under <c>Authentication:Schemes:&lt;scheme&gt;</c> with the same names. They are validated
/// when the application starts. A changed configuration takes effect without a restart.
/// </remarks>
public partial class OAuthIntrospectionOptions : AuthenticationSchemeOptions
{
    /// <summary>Initializes options with their defaults.</summary>
    public OAuthIntrospectionOptions() => Events = new OAuthIntrospectionEvents();

    /// <summary>Gets the options of the response cache.</summary>
    public OAuthIntrospectionCacheOptions Cache { get; } = new();

    /// <summary>Gets the options of the cache that the nodes of a fleet share. Nothing is shared by default.</summary>
    public OAuthIntrospectionSharedCacheOptions SharedCache { get; } = new();

    /// <summary>Gets the options for an authorization server that is slow, failing or overloaded.</summary>
    public OAuthIntrospectionResilienceOptions Resilience { get; } = new();

    /// <summary>Gets or sets the events through which the application takes part in authentication.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public new OAuthIntrospectionEvents Events
    {
        get => (OAuthIntrospectionEvents)base.Events!;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            base.Events = value;
        }
    }

    /// <summary>Whether responses are shared with other nodes.</summary>
    internal bool IsShared => SharedCache.Secrets.Count > 0;

    internal TimeProvider Clock => TimeProvider ?? TimeProvider.System;

    internal DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>The scheme's events where there is no request: from the container if <c>EventsType</c> is set.</summary>
    internal OAuthIntrospectionEvents EventsIn(IServiceProvider services) =>
        EventsType is null ? Events : (OAuthIntrospectionEvents)services.GetRequiredService(EventsType);
}
