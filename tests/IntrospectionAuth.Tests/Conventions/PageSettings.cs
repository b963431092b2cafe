using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IntrospectionAuth.Tests.Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>The settings that a page shows, read as an application reads them.</summary>
internal static class PageSettings
{
    public const string Section = "Authentication:Schemes";

    /// <summary>The blocks of JSON with settings of schemes.</summary>
    public static IEnumerable<string> Of(string page) =>
        DocumentationTests.Blocks(page, "json").Where(block => block.Contains("\"Schemes\"", StringComparison.Ordinal));

    public static string[] SchemesOf(string json) => [.. Parse(json).GetSection(Section).GetChildren().Select(scheme => scheme.Key)];

    /// <summary>The settings, and what the page leaves to the environment: a secret; of a key or certificate, all but its path.</summary>
    public static IConfigurationRoot Complete(string json, string scheme) =>
        Parse(json, [.. Secrets(json).Select(secret => ($"{Section}:{scheme}:{secret.Key}", secret.Value))]);

    public static IConfigurationRoot Parse(string json, params (string Key, string Value)[] beside) =>
        new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))
            .AddInMemoryCollection(beside.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();

    /// <summary>Reads and validates a scheme.</summary>
    public static OAuthIntrospectionOptions Read(string scheme, IConfiguration configuration)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(configuration);
        services.AddAuthentication().AddOAuthIntrospection(scheme);
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>().Get(scheme);
    }

    private static IEnumerable<(string Key, string Value)> Secrets(string json)
    {
        if (json.Contains("\"CertificatePath\"", StringComparison.Ordinal))
        {
            using X509Certificate2 certificate = CertificateServer.CreateCertificate("api");
            return
            [
                ("CertificatePath", Write("of-a-page.p12", certificate.Export(X509ContentType.Pkcs12, "password"))),
                ("CertificateKeyPath", ""),
                ("CertificatePassword", "password"),
            ];
        }

        if (json.Contains("\"SigningKeyPath\"", StringComparison.Ordinal))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return [("SigningKeyPath", Write("of-a-page.pem", Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem())))];
        }

        bool isPublicClient = json.Contains("\"ClientAuthenticationMethod\": \"none\"", StringComparison.Ordinal);
        return isPublicClient ? [] : [("ClientSecret", "a secret of at least 32 bytes, as HS256 wants it")];
    }

    private static string Write(string name, byte[] content)
    {
        string path = Path.Combine(AppContext.BaseDirectory, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
