using System.Security.Cryptography.X509Certificates;

namespace IntrospectionAuth.Interop.OpenIddict;

/// <summary>The certificates of a server that is reached over TLS: its own, the API's, and that of the client whose tokens are bound.</summary>
internal sealed record OpenIddictTls(X509Certificate2 Server, X509Certificate2 Api, X509Certificate2 Client);
