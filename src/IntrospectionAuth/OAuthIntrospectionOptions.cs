using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth;

/// <summary>Options of one introspection scheme: which authorization server answers, how it is asked, and which tokens are accepted.</summary>
/// <remarks>
/// They can be set in code, or in configuration under <c>Authentication:Schemes:&lt;scheme&gt;</c> with the same names.
/// They are validated when the application starts, and a changed configuration is applied without a restart.
/// </remarks>
public partial class OAuthIntrospectionOptions : AuthenticationSchemeOptions
{
    /// <summary>Initializes options with their defaults.</summary>
    public OAuthIntrospectionOptions() => Events = new OAuthIntrospectionEvents();

    /// <summary>Gets how long answers are remembered.</summary>
    public OAuthIntrospectionCacheOptions Cache { get; } = new();

    /// <summary>Gets what happens when the authorization server is slow, failing or overloaded.</summary>
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

    /// <summary>What the scheme's clock says.</summary>
    internal DateTimeOffset Now => (TimeProvider ?? TimeProvider.System).GetUtcNow();

    /// <summary>The scheme's events where no request is under way: from the container when <c>EventsType</c> says so.</summary>
    internal OAuthIntrospectionEvents EventsIn(IServiceProvider services) =>
        EventsType is null ? Events : (OAuthIntrospectionEvents)services.GetRequiredService(EventsType);
}
