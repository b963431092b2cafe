using IntrospectionAuth.Certificates;
using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth;

/// <summary>The introspection request that a <see cref="ClientAuthenticationMethod"/> completes.</summary>
/// <remarks>It is a class and not a record: its members hold secrets, which no <c>ToString</c> may print.</remarks>
public sealed class ClientAuthenticationContext
{
    internal ClientAuthenticationContext() { }

    /// <summary>Gets the name of the authentication scheme.</summary>
    public string Scheme => IntrospectionScheme.Name;

    /// <summary>Gets the options of the scheme.</summary>
    public OAuthIntrospectionOptions Options => IntrospectionScheme.Options;

    /// <summary>Gets the token that is introspected.</summary>
    /// <value>Empty if the request goes to the token endpoint (<see cref="OAuthIntrospectionOptions.ClientCredentials"/>).</value>
    public string Token { get; internal set; } = "";

    /// <summary>Gets the request that will be sent. Its body is built from <see cref="Parameters"/>.</summary>
    public required HttpRequestMessage Request { get; init; }

    /// <summary>Gets the form parameters.</summary>
    public required IDictionary<string, string> Parameters { get; init; }

    /// <summary>Gets the clock.</summary>
    public TimeProvider TimeProvider => IntrospectionScheme.Time;

    /// <summary>Gets the token that is cancelled when <see cref="OAuthIntrospectionOptions.Timeout"/> has passed.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Gets whether the authorization server has just rejected this API's credentials (401, or 403 for a bearer token), and the request is
    /// repeated: a method that caches its credential must obtain a new one.
    /// </summary>
    /// <value>True for at most one call a minute. The request is not sent if the credential is still the same.</value>
    public bool IsRetryAfterRefusal => Credential.IsRenewal;

    internal IntrospectionScheme IntrospectionScheme { get; init; } = null!;

    internal CallCredential Credential { get; init; } = new();

    /// <summary>Cancelled when the application stops; <see cref="CancellationToken"/> is cancelled with it.</summary>
    internal CancellationToken Stopping { get; init; }

    internal KeyFiles KeyFiles { get; init; } = null!;

    /// <summary>The URL of the keys that verify a signed response; null when none is required.</summary>
    internal Uri? ServerKeysUrl { get; set; }

    internal ClientCertificates Certificates { get; init; } = null!;

    /// <summary>Whether the timeout has passed, or the application stops.</summary>
    internal bool HasTimedOut => CancellationToken.IsCancellationRequested;

    /// <summary>What the request contains and no log may repeat.</summary>
    internal string?[] Secrets
    {
        get
        {
            Parameters.TryGetValue("client_assertion", out string? assertion);
            return [Token, Options.ClientSecret, Request.Headers.Authorization?.Parameter, assertion];
        }
    }

    /// <summary>Why there is no result once <see cref="HasTimedOut"/> is true.</summary>
    internal Unavailability TimedOut(UnavailableReason reason, Exception exception) =>
        new(Stopping.IsCancellationRequested ? UnavailableReason.Stopped : reason) { Exception = exception };
}
