namespace IntrospectionAuth.Http;

/// <summary>Why a URL of an authorization server must not be called.</summary>
internal enum UrlFault
{
    NotAbsolute,

    /// <summary>Plain http, on a host that is not loopback.</summary>
    PlainHttp,

    UserInfoOrFragment,

    /// <summary>A query, in an issuer: it has none (RFC 8414, section 2).</summary>
    Query,
}
