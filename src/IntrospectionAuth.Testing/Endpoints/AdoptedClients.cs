using System.Collections.Immutable;

namespace IntrospectionAuth.Testing.Endpoints;

/// <summary>
/// The credentials that applications under test are configured with, which the server accepts where its own options name none.
/// </summary>
/// <remarks>
/// None is ever taken away: a changed configuration that the application refuses leaves the previous one in force.
/// </remarks>
internal sealed class AdoptedClients(FakeAuthorizationServerOptions options)
{
    private ImmutableArray<(string Id, string Secret)> _clients = [(options.ClientId, options.ClientSecret)];

    /// <summary>Whether an application has a bearer token of its own, which the server cannot know.</summary>
    public bool HasBearerToken { get; private set; }

    /// <summary>Whether an application sends id and secret by HTTP Basic as they are.</summary>
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

    /// <summary>Whether a client of this id has a secret that proves something.</summary>
    public bool Any(string? id, Func<string, bool> isProvenBy) =>
        _clients.Any(client => string.Equals(client.Id, id, StringComparison.Ordinal) && isProvenBy(client.Secret));

    private static bool Uses(OAuthIntrospectionOptions application, string method) =>
        application.ClientAuthenticationMethod.Name == method || application.ClientCredentials.AuthenticationMethod.Name == method;
}
