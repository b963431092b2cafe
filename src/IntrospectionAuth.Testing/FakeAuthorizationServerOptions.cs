using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Testing;

/// <summary>Options of a <see cref="FakeAuthorizationServer"/>. They are read once, when the server is created.</summary>
public sealed class FakeAuthorizationServerOptions
{
    /// <summary>Gets or sets the identifier of the client that may introspect: the API under test.</summary>
    /// <value>
    /// The default is <c>api</c>; the configured client id of an application under test is accepted too. If this is set, no other is
    /// accepted.
    /// </value>
    /// <exception cref="ArgumentException">The value is null or empty.</exception>
    public string ClientId
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = value;
            HasOwnClientId = true;
        }
    } = "api";

    /// <summary>Gets or sets the secret of <see cref="ClientId"/>.</summary>
    /// <value>
    /// The default is <c>secret-of-the-fake</c>; the configured secret of an application under test is accepted too. If this is set, no
    /// other is accepted. An empty string is an empty secret.
    /// </value>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public string ClientSecret
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
            HasOwnClientSecret = true;
        }
    } = "secret-of-the-fake";

    /// <summary>Gets or sets the only accepted client authentication method.</summary>
    /// <value>
    /// The default is <see langword="null"/>: the method that <see cref="Provider"/> documents, and for RFC 7662 all known methods:
    /// <c>client_secret_basic</c>, <c>client_secret_basic_raw</c> (without form-encoding), <c>client_secret_post</c>,
    /// <c>client_secret_jwt</c>, <c>private_key_jwt</c>, <c>none</c>, <c>bearer</c> (<see cref="RequiredBearerToken"/>) and
    /// <c>presented_token</c> (the introspected token itself as bearer credential).
    /// </value>
    /// <remarks>
    /// HTTP Basic is read with form-encoding (RFC 6749, section 2.3.1) unless <c>client_secret_basic_raw</c> is required. The server checks
    /// the <c>iss</c> and <c>sub</c> of an assertion (RFC 7523), and its HMAC with <c>client_secret_jwt</c>. It does not check the
    /// audience, the times, or the signature of <c>private_key_jwt</c>, because it does not have the client's public key.
    /// </remarks>
    /// <exception cref="ArgumentException">The value is not a known method.</exception>
    public string? RequiredClientAuthenticationMethod
    {
        get;
        set
        {
            if (value is not null && !ClientAuthenticationMethods.All.Contains(value, StringComparer.Ordinal))
            {
                throw new ArgumentException(
                    $"Unknown client authentication method. Use one of: {string.Join(", ", ClientAuthenticationMethods.All)}.",
                    nameof(value)
                );
            }

            field = value;
        }
    }

    /// <summary>Gets or sets the bearer token that authorizes introspection (RFC 7662, section 2.1).</summary>
    /// <value>
    /// The default is <see langword="null"/>: any token is accepted if an application under test uses <c>bearer</c>.
    /// </value>
    public string? RequiredBearerToken { get; set; }

    /// <summary>Gets or sets the authorization server to imitate.</summary>
    /// <value>The default is <see cref="FakeAuthorizationServerProvider.Rfc7662"/>.</value>
    public FakeAuthorizationServerProvider Provider { get; set; }

    /// <summary>Gets or sets the <c>iss</c> of issued tokens.</summary>
    /// <value>
    /// The default is <see langword="null"/>: the <see cref="FakeAuthorizationServer.BaseAddress"/> without a trailing slash, and for Attio
    /// <c>attio.com</c>.
    /// </value>
    public string? Issuer { get; set; }

    /// <summary>Gets or sets the <c>aud</c> of signed responses (RFC 9701, section 5).</summary>
    /// <value>The default is <see langword="null"/>: <see cref="ClientId"/>.</value>
    public string? SignedResponseAudience { get; set; }

    /// <summary>Gets or sets the lifetime of issued tokens.</summary>
    /// <value>
    /// The default is 1 hour. With <see langword="null"/> tokens never expire, and their responses have no <c>exp</c> (a null one for
    /// Attio).
    /// </value>
    public TimeSpan? TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets the clock of the server, for expiry, <c>iat</c>, delays and the <c>Date</c> header.</summary>
    /// <value>The default is <see cref="TimeProvider.System"/>. Use the clock of the application under test.</value>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = TimeProvider.System;

    /// <summary>Gets or sets the address of an in-memory server. A listening server has the address on which it listens.</summary>
    /// <value>The default is <c>https://auth.example.com</c>. It may have a path (<c>https://auth.example.com/tenant-1</c>).</value>
    /// <exception cref="ArgumentException">The value is null or not absolute.</exception>
    public Uri BaseAddress
    {
        get;
        set
        {
            if (value is not { IsAbsoluteUri: true })
                throw new ArgumentException("The base address must be an absolute URL.", nameof(value));
            field = value;
        }
    } = new("https://auth.example.com");

    /// <summary>Gets or sets the port of a listening server on 127.0.0.1.</summary>
    /// <value>The default is 0: any free port.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 65535.</exception>
    public int Port
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 65_535);
            field = value;
        }
    }

    /// <summary>Runs around each request, for a program that shows or serves more than the server itself.</summary>
    internal Func<HttpContext, RequestDelegate, Task>? Middleware { get; set; }

    /// <summary>Whether <see cref="ClientId"/> was set, so that the application's client id is not accepted.</summary>
    internal bool HasOwnClientId { get; private set; }

    /// <summary>Whether <see cref="ClientSecret"/> was set, so that the application's secret is not accepted.</summary>
    internal bool HasOwnClientSecret { get; private set; }
}
