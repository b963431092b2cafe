using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Testing.Endpoints;

/// <summary>Reads the client's credentials from a request (RFC 6749, section 2.3; RFC 7523, section 2.2; RFC 6750, section 2.1).</summary>
internal static class ClientAuthenticationReader
{
    public static PresentedClientAuthentication Read(IHeaderDictionary headers, IFormCollection parameters, bool rawBasic)
    {
        StringValues authorization = headers.Authorization;
        string? clientId = parameters.TryGetValue("client_id", out StringValues id) ? id[0] : null;
        string? secret = parameters.TryGetValue("client_secret", out StringValues secrets) ? secrets[0] : null;

        if (parameters.TryGetValue("client_assertion", out StringValues assertion))
            return ReadAssertion(assertion[0]!, clientId, secret, parameters, isAmbiguous: authorization.Count > 0 || secret is not null);

        if (authorization.Count == 0)
        {
            return new()
            {
                Method =
                    secret is not null ? ClientAuthenticationMethods.Post
                    : clientId is not null ? ClientAuthenticationMethods.None
                    : null,
                ClientId = clientId,
                ClientSecret = secret,
            };
        }

        AuthenticationHeaderValue? credentials = AuthenticationHeaderValue.TryParse(authorization[0], out var parsed) ? parsed : null;
        bool ambiguous = authorization.Count > 1 || secret is not null;
        if (string.Equals(credentials?.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase))
        {
            string bearer = credentials!.Parameter ?? "";
            bool presented =
                !parameters.TryGetValue("token", out StringValues token) || string.Equals(token, bearer, StringComparison.Ordinal);
            return new()
            {
                Method =
                    ambiguous ? null
                    : presented ? ClientAuthenticationMethods.PresentedToken
                    : ClientAuthenticationMethods.Bearer,
                ClientId = clientId,
                ClientSecret = secret,
                BearerToken = bearer,
                IsAmbiguous = ambiguous,
            };
        }

        bool basic = string.Equals(credentials?.Scheme, "Basic", StringComparison.OrdinalIgnoreCase);
        if (!basic || Decode(credentials?.Parameter) is not { } raw)
        {
            return new()
            {
                ClientId = clientId,
                ClientSecret = secret,
                IsAmbiguous = ambiguous,
                TriedBasic = basic,
            };
        }

        return new()
        {
            Method =
                ambiguous ? null
                : rawBasic ? ClientAuthenticationMethods.BasicRaw
                : ClientAuthenticationMethods.Basic,
            ClientId = rawBasic ? raw.Id : WebUtility.UrlDecode(raw.Id),
            ClientSecret = rawBasic ? raw.Secret : WebUtility.UrlDecode(raw.Secret),
            RawBasic = raw,
            IsAmbiguous = ambiguous,
            TriedBasic = true,
        };
    }

    private static PresentedClientAuthentication ReadAssertion(
        string text,
        string? clientId,
        string? secret,
        IFormCollection parameters,
        bool isAmbiguous
    )
    {
        bool isJwt =
            parameters.TryGetValue("client_assertion_type", out StringValues type)
            && string.Equals(type, ClientAssertion.Type, StringComparison.Ordinal);
        ClientAssertion? assertion = isJwt ? ClientAssertion.Read(text) : null;
        return new()
        {
            Method = isAmbiguous ? null : assertion?.Method,
            ClientId = clientId ?? assertion?.Subject,
            ClientSecret = secret,
            Assertion = assertion,
            IsAmbiguous = isAmbiguous,
        };
    }

    private static (string Id, string Secret)? Decode(string? parameter)
    {
        if (parameter is null || !Base64.IsValid(parameter))
            return null;

        string pair = Encoding.UTF8.GetString(Convert.FromBase64String(parameter));
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (pair[..colon], pair[(colon + 1)..]);
    }
}
