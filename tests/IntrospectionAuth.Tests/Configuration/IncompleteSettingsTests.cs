using IntrospectionAuth.Tests.ClientAuthentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Configuration;

/// <summary>A setting that depends on another setting which is not set is a fault at startup.</summary>
public sealed class IncompleteSettingsTests
{
    public static TheoryData<string, string, Action<OAuthIntrospectionOptions>> Settings =>
        new()
        {
            { "SigningKeyPassword", "SigningKeyPath", options => options.SigningKeyPassword = "not-to-be-shown" },
            { "DecryptionKeyPassword", "DecryptionKeyPath", options => options.DecryptionKeyPassword = "not-to-be-shown" },
            { "CertificatePassword", "CertificatePath", options => options.CertificatePassword = "not-to-be-shown" },
            { "CertificateKeyPath", "CertificatePath", options => options.CertificateKeyPath = "tls.key" },
            {
                "ClientCertificateChain",
                "ClientCertificate",
                options => options.ClientCertificateChain = [ClientAuthentication.KeyMaterial.Certificate]
            },
        };

    [Theory]
    [MemberData(nameof(Settings))]
    public void The_fault_names_both_settings(string setting, string missing, Action<OAuthIntrospectionOptions> set)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationManager());
        services
            .AddAuthentication()
            .AddOAuthIntrospection(options =>
            {
                options.IntrospectionEndpoint = "https://auth.example.com/introspect";
                options.ClientId = "api";
                options.ClientSecret = "secret";
                set(options);
            });
        using ServiceProvider provider = services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(() =>
            provider.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>().Get("OAuthIntrospection")
        );

        Assert.Contains(
            $"Scheme OAuthIntrospection: {setting} is set, but {missing} is not. Set {missing}, or remove {setting}.",
            exception.Failures
        );
        Assert.DoesNotContain("not-to-be-shown", exception.Message, StringComparison.Ordinal);
    }
}
