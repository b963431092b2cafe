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
    /// <value>Empty where the request goes to the token endpoint (<see cref="OAuthIntrospectionOptions.ClientCredentials"/>).</value>
    public string Token { get; internal set; } = "";

    /// <summary>Gets the request that will be sent; its body is made of <see cref="Parameters"/>.</summary>
    public required HttpRequestMessage Request { get; init; }

    /// <summary>Gets the form parameters.</summary>
    public required IDictionary<string, string> Parameters { get; init; }

    /// <summary>Gets the clock.</summary>
    public TimeProvider TimeProvider => IntrospectionScheme.Time;

    /// <summary>Gets the token that is cancelled when <see cref="OAuthIntrospectionOptions.Timeout"/> has passed.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Gets whether the server has just refused this API's credentials (401, and 403 to a bearer token of its own), and the request is made
    /// once more: a method that keeps its credential must obtain a new one.
    /// </summary>
    /// <value>True for one call a minute at most. With the same credential as before, the request is not sent.</value>
    public bool IsRetryAfterRefusal => Credential.IsRenewal;

    internal IntrospectionScheme IntrospectionScheme { get; init; } = null!;

    /// <summary>With what the request is authenticated, as far as it can be obtained anew.</summary>
    internal CallCredential Credential { get; init; } = new();

    /// <summary>Cancelled when the application stops; <see cref="CancellationToken"/> is cancelled with it.</summary>
    internal CancellationToken Stopping { get; init; }

    /// <summary>The private keys that lie in files.</summary>
    internal KeyFiles KeyFiles { get; init; } = null!;

    /// <summary>Where the keys lie by which a signed answer is verified; null when none is asked for.</summary>
    internal Uri? ServerKeysUrl { get; set; }

    /// <summary>The certificates that connections show.</summary>
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
