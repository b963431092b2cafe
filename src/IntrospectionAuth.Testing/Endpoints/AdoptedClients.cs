using System.Collections.Immutable;

namespace IntrospectionAuth.Testing.Endpoints;

/// <summary>
/// The configured credentials of applications under test, which the server accepts if its own options set none.
/// </summary>
/// <remarks>
/// Credentials are never removed: if a changed configuration is invalid, the application continues to use the previous one.
/// </remarks>
internal sealed class AdoptedClients(FakeAuthorizationServerOptions options)
{
    private ImmutableArray<(string Id, string Secret)> _clients = [(options.ClientId, options.ClientSecret)];

    /// <summary>Whether an application uses a bearer token, which the server cannot verify.</summary>
    public bool HasBearerToken { get; private set; }

    /// <summary>Whether an application sends the id and secret by HTTP Basic without form-encoding.</summary>
    public bool SendsRawBasic { get; private set; }

    public void Add(OAuthIntrospectionOptions application)
    {
        string id = options.HasOwnClientId || string.IsNullOrEmpty(application.ClientId) ? options.ClientId : application.ClientId;
        string secret = options.HasOwnClientSecret || application.ClientSecret is null ? options.ClientSecret : application.ClientSecret;
        ImmutableInterlocked.Update(
            ref _clients,
            static (clients, added) => clients.Contains(added) ? clients : clients.Add(added),
            (id, secret)
        );

        HasBearerToken |= Uses(application, ClientAuthenticationMethods.Bearer);
        SendsRawBasic |= Uses(application, ClientAuthenticationMethods.BasicRaw);
    }

    public bool Has(string? id) => _clients.Any(client => string.Equals(client.Id, id, StringComparison.Ordinal));

    public bool Has(string? id, string? secret) => Any(id, candidate => string.Equals(candidate, secret, StringComparison.Ordinal));

    /// <summary>Whether a client with this id has a secret that matches.</summary>
    public bool Any(string? id, Func<string, bool> matches) =>
        _clients.Any(client => string.Equals(client.Id, id, StringComparison.Ordinal) && matches(client.Secret));

    private static bool Uses(OAuthIntrospectionOptions application, string method) =>
        application.ClientAuthenticationMethod.Name == method || application.ClientCredentials.AuthenticationMethod.Name == method;
}
