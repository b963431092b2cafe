using System.Collections.Concurrent;
using IntrospectionAuth.Testing.Providers;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Testing.Endpoints;

/// <summary>Refuses malformed requests and requests of clients that may not introspect.</summary>
internal sealed class ClientAuthenticator(FakeAuthorizationServerOptions options, ImitatedProvider provider)
{
    private readonly ConcurrentDictionary<string, bool> _clientTokens = new(StringComparer.Ordinal);
    private readonly string? _required = options.RequiredClientAuthenticationMethod ?? provider.ClientAuthenticationMethod;

    public bool ReadsRawBasic => string.Equals(_required, ClientAuthenticationMethods.BasicRaw, StringComparison.Ordinal);

    /// <summary>The clients that may introspect.</summary>
    public AdoptedClients Clients { get; } = new(options);

    /// <summary>Issues a token that authorizes a client to introspect (RFC 6749, section 4.4).</summary>
    public string IssueClientToken()
    {
        string token = RandomText.Create(40);
        _clientTokens[token] = true;
        return token;
    }

    /// <returns>The error response to a request for a client's own token, or null.</returns>
    public ErrorResponse? RefuseTokenRequest(IntrospectionCall call)
    {
        if (!HttpMethods.IsPost(call.Method))
            return ErrorResponse.MethodNotAllowed;

        PresentedClientAuthentication presented = call.ClientAuthentication;
        if (presented.IsAmbiguous || call.Parameters.Any(parameter => parameter.Value.Count > 1))
            return ErrorResponse.InvalidRequest;

        bool isClient = !presented.TriedBearer && IsProven(presented, presented.Method);
        return !isClient ? ErrorResponse.InvalidClient(presented, StatusCodes.Status401Unauthorized)
            : string.Equals(call.Parameters["grant_type"], "client_credentials", StringComparison.Ordinal) ? null
            : ErrorResponse.UnsupportedGrantType;
    }

    /// <returns>The error response to an introspection or revocation request, or null.</returns>
    public ErrorResponse? Refuse(IntrospectionCall call)
    {
        if (!HttpMethods.IsPost(call.Method))
            return ErrorResponse.MethodNotAllowed;

        PresentedClientAuthentication presented = call.ClientAuthentication;
        if (presented.IsAmbiguous || call.Parameters.Any(parameter => parameter.Value.Count > 1))
            return ErrorResponse.InvalidRequest;

        if (!IsAccepted(presented))
            return ErrorResponse.InvalidClient(presented, provider.InvalidClientStatus);

        return string.IsNullOrEmpty(call.Token) ? ErrorResponse.InvalidRequest : null;
    }

    private bool IsAccepted(PresentedClientAuthentication presented)
    {
        string? method = presented.Method;
        if (presented.BearerToken is { } bearer && _clientTokens.ContainsKey(bearer))
            return true; // regardless of the method at the token endpoint

        // A bearer credential that equals the introspected token can be either method.
        if (presented.TriedBearer && string.Equals(_required, ClientAuthenticationMethods.Bearer, StringComparison.Ordinal))
            method = ClientAuthenticationMethods.Bearer;

        if (_required is not null && !string.Equals(method, _required, StringComparison.Ordinal))
            return false;

        return IsProven(presented, method);
    }

    private bool IsProven(PresentedClientAuthentication presented, string? method) =>
        method switch
        {
            ClientAuthenticationMethods.Basic or ClientAuthenticationMethods.BasicRaw or ClientAuthenticationMethods.Post => Clients.Has(
                presented.ClientId,
                presented.ClientSecret
            ) || (Clients.SendsRawBasic && presented.RawBasic is (var id, var secret) && Clients.Has(id, secret)),
            ClientAuthenticationMethods.SecretJwt or ClientAuthenticationMethods.PrivateKeyJwt => Clients.Any(
                presented.ClientId,
                secret => presented.Assertion!.IsBy(presented.ClientId!, secret)
            ),
            ClientAuthenticationMethods.None => Clients.Has(presented.ClientId),
            ClientAuthenticationMethods.Bearer when options.RequiredBearerToken is { } token => string.Equals(
                presented.BearerToken,
                token,
                StringComparison.Ordinal
            ),
            ClientAuthenticationMethods.Bearer => Clients.HasBearerToken && presented.BearerToken is { Length: > 0 },
            ClientAuthenticationMethods.PresentedToken => presented.BearerToken is { Length: > 0 },
            _ => false,
        };
}
