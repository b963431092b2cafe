using System.Security.Cryptography.X509Certificates;

namespace IntrospectionAuth.Interop.OpenIddict;

/// <summary>The certificates of a server that is reached over TLS.</summary>
/// <param name="Server">The certificate of the server.</param>
/// <param name="Api">The one by which the API authenticates.</param>
/// <param name="Client">The one to which tokens are bound.</param>
internal sealed record OpenIddictTls(X509Certificate2 Server, X509Certificate2 Api, X509Certificate2 Client);
