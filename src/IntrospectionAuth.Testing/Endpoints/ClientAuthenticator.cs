using IntrospectionAuth.Testing.Forms;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Testing.Endpoints;

/// <summary>Refuses requests that are malformed or whose client is not the one that may introspect.</summary>
internal sealed class ClientAuthenticator(FakeAuthorizationServerOptions options, ServerForm form)
{
    private readonly string? _required = options.RequiredClientAuthenticationMethod ?? form.ClientAuthenticationMethod;

    public bool ReadsRawBasic => string.Equals(_required, ClientAuthenticationMethods.BasicRaw, StringComparison.Ordinal);

    /// <summary>Returns why a request is refused, or null.</summary>
    public Refusal? Refuse(IntrospectionCall call)
    {
        if (!HttpMethods.IsPost(call.Method))
            return Refusal.MethodNotAllowed;

        PresentedClientAuthentication presented = call.ClientAuthentication;
        if (presented.IsAmbiguous || call.Parameters.Any(parameter => parameter.Value.Count > 1))
            return Refusal.InvalidRequest;

        if (!IsAccepted(presented))
            return Refusal.InvalidClient(presented, form.InvalidClientStatus);

        return string.IsNullOrEmpty(call.Token) ? Refusal.InvalidRequest : null;
    }

    private bool IsAccepted(PresentedClientAuthentication presented)
    {
        string? method = presented.Method;

        // A bearer credential that is also the introspected token may be meant either way.
        if (presented.TriedBearer && string.Equals(_required, ClientAuthenticationMethods.Bearer, StringComparison.Ordinal))
            method = ClientAuthenticationMethods.Bearer;

        if (_required is not null && !string.Equals(method, _required, StringComparison.Ordinal))
            return false;

        return method switch
        {
            ClientAuthenticationMethods.Basic or ClientAuthenticationMethods.BasicRaw or ClientAuthenticationMethods.Post =>
                IsClient(presented) && string.Equals(presented.ClientSecret, options.ClientSecret, StringComparison.Ordinal),
            ClientAuthenticationMethods.SecretJwt or ClientAuthenticationMethods.PrivateKeyJwt =>
                IsClient(presented) && presented.Assertion!.IsBy(options.ClientId, options.ClientSecret),
            ClientAuthenticationMethods.None => IsClient(presented),
            ClientAuthenticationMethods.Bearer =>
                options.RequiredBearerToken is { } token && string.Equals(presented.BearerToken, token, StringComparison.Ordinal),
            ClientAuthenticationMethods.PresentedToken => presented.BearerToken is { Length: > 0 },
            _ => false,
        };
    }

    private bool IsClient(PresentedClientAuthentication presented) => string.Equals(presented.ClientId, options.ClientId, StringComparison.Ordinal);
}
