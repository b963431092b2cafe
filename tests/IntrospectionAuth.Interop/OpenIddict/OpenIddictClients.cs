using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IntrospectionAuth.Interop.OpenIddict;

/// <summary>The clients that are registered at OpenIddict.</summary>
internal static class OpenIddictClients
{
    /// <summary>The API: the client that introspects, and the audience of tokens.</summary>
    public const string Api = "api";

    public const string ApiSecret = "a secret of the API: 100% & more"; // must be encoded in a header and in a form

    /// <summary>The API as a client that signs assertions.</summary>
    public const string ApiWithKey = "api-with-key";

    /// <summary>The API as a client with a certificate.</summary>
    public const string ApiWithCertificate = "api-with-certificate";

    /// <summary>A client that must not introspect.</summary>
    public const string Stranger = "stranger";

    /// <summary>The client to which tokens are issued.</summary>
    public const string Browser = "browser";

    private static readonly ECDsa s_key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The private key of <see cref="ApiWithKey"/> as PEM.</summary>
    public static string PrivateKey => s_key.ExportPkcs8PrivateKeyPem();

    public static IEnumerable<OpenIddictApplicationDescriptor> All(OpenIddictTls? tls)
    {
        yield return Introspecting(Api, ApiSecret);

        OpenIddictApplicationDescriptor withKey = Introspecting(ApiWithKey);
        withKey.JsonWebKeySet = new JsonWebKeySet();
        withKey.JsonWebKeySet.Keys.Add(
            JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(s_key.ExportParameters(false))))
        );
        yield return withKey;

        yield return new()
        {
            ClientId = Stranger,
            ClientSecret = ApiSecret,
            ClientType = ClientTypes.Confidential,
        };

        var browser = new OpenIddictApplicationDescriptor { ClientId = Browser, ClientType = ClientTypes.Public };
        browser.Permissions.UnionWith([
            Permissions.Endpoints.Token,
            Permissions.Endpoints.Revocation,
            Permissions.GrantTypes.Password,
            Permissions.GrantTypes.RefreshToken,
            Permissions.Prefixes.Scope + "read",
            Permissions.Prefixes.Scope + "write",
        ]);
        yield return browser;

        if (tls is not null)
        {
            OpenIddictApplicationDescriptor withCertificate = Introspecting(ApiWithCertificate);
            withCertificate.JsonWebKeySet = new JsonWebKeySet();
            withCertificate.JsonWebKeySet.Keys.Add(CertificateKey(tls.Api));
            yield return withCertificate;
        }
    }

    private static OpenIddictApplicationDescriptor Introspecting(string id, string? secret = null)
    {
        var client = new OpenIddictApplicationDescriptor
        {
            ClientId = id,
            ClientSecret = secret,
            ClientType = ClientTypes.Confidential,
        };
        client.Permissions.Add(Permissions.Endpoints.Introspection);
        return client;
    }

    private static JsonWebKey CertificateKey(X509Certificate2 certificate)
    {
        X509Certificate2 publicPart = X509CertificateLoader.LoadCertificate(certificate.RawData);
        JsonWebKey key = JsonWebKeyConverter.ConvertFromX509SecurityKey(new X509SecurityKey(publicPart));
        key.Use = JsonWebKeyUseNames.Sig;
        return key;
    }
}
