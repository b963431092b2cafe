using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.Startup;

/// <summary>An invalid configuration stops the process immediately, with a message that explains the fix.</summary>
public sealed class StartupTests
{
    private const string Secret = "the-secret-that-to-keep-secret";

    [Theory]
    [InlineData("IntrospectionEndpoint=", "IntrospectionEndpoint is not set", "Set it, or use a provider")]
    [InlineData("IntrospectionEndpoint=http://auth.example.com/introspect", "IntrospectionEndpoint is plain http", "Use https")]
    [InlineData("IntrospectionEndpoint=http://127.0.0.1.example.com/introspect", "IntrospectionEndpoint is plain http", "Use https")]
    [InlineData("IntrospectionEndpoint=/introspect", "IntrospectionEndpoint is not an absolute https URL", "Write it whole")]
    [InlineData(
        "IntrospectionEndpoint=https://user:pass@auth.example.com/introspect",
        "IntrospectionEndpoint has user information",
        "Remove it"
    )]
    [InlineData("ClientId=", "ClientId is not set", "Set ClientId")]
    [InlineData("ClientSecret", "ClientSecret is not set", "Set ClientSecret")]
    [InlineData("ClientAuthenticationMethod=none", "ClientSecret is set", "Remove ClientSecret")]
    [InlineData("ClientAuthenticationMethod=basic", "ClientAuthenticationMethod is not known", "client_secret_basic")]
    [InlineData("Provider=Octa", "Provider is not known", "Known providers are ")]
    [InlineData("Audience=https://api.example.com", "Audience is not a setting", "Audiences")]
    [InlineData("Cache:MaxAge=30", "MaxAge is not a setting", "MaximumAge")]
    [InlineData("Timeout=0", "Timeout is not a time of more than 0 and at most 5 minutes", "Timeout")]
    [InlineData("Timeout=301", "Timeout is not a time of more than 0 and at most 5 minutes", "Timeout")]
    [InlineData("Timeout=-1", "Timeout", "Timeout")]
    [InlineData("Timeout=soon", "Timeout is not a time", "in seconds (30) or as [d.]hh:mm:ss (00:00:30)")]
    [InlineData("ClientAuthenticationMethod=private_key_jwt", "SigningKeyPath is not set", "Set SigningKeyPath")]
    [InlineData("SigningKeyPath=/nowhere/key.pem", "client_secret_basic never signs with it", "choose private_key_jwt")]
    [InlineData(
        "CertificatePath=/nowhere/api.p12",
        "client_secret_basic never shows it",
        "set ClientAuthenticationMethod to tls_client_auth"
    )]
    [InlineData("RequireSignedResponse=true", "RequireSignedResponse is set without Authority", "Set Authority")]
    [InlineData("DecryptionKeyPath=/nowhere/key.pem", "A key for decryption is set", "Set RequireSignedResponse to true")]
    [InlineData(
        "DPoP:Algorithms=HS256",
        "DPoP.Algorithms has a value that is not an algorithm for proofs",
        "Use ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384, RS512"
    )]
    [InlineData("Resource=http://api.example.com", "Resource is plain http", "Use https")]
    [InlineData("Cache:HonorCacheControl=no", "HonorCacheControl is not true or false", "true or false")]
    public async Task An_invalid_configuration_stops_the_process_with_a_message_that_names_the_scheme_and_the_fix(
        string setting,
        string fault,
        string remedy
    )
    {
        Dictionary<string, string> settings = Change(
            setting,
            new(StringComparer.Ordinal)
            {
                ["IntrospectionEndpoint"] = "https://auth.example.com/introspect",
                ["ClientId"] = "api",
                ["ClientSecret"] = Secret,
            }
        );

        (int exitCode, string output) = await SampleApi.FailToStartAsync(settings);

        AssertStopped(exitCode, output, fault, remedy);
    }

    [Theory]
    [InlineData("ClientSecret", "ClientSecret is not set, but Provider WorkOS needs it", "Set ClientSecret")]
    [InlineData("ClientId", "ClientId is not set, but Provider WorkOS needs it", "Set ClientId")]
    [InlineData("Authority", "Authority is not set, but Provider WorkOS needs it", "Set Authority")]
    [InlineData("Authority=http://auth.example.com", "plain http", "Use https")]
    [InlineData("Authority=auth.example.com", "not an absolute https URL", "Write it whole")]
    public async Task A_provider_names_its_missing_setting(string setting, string fault, string remedy)
    {
        Dictionary<string, string> settings = Change(
            setting,
            new(StringComparer.Ordinal)
            {
                ["Provider"] = "WorkOS",
                ["Authority"] = "https://auth.example.com",
                ["ClientId"] = "api",
                ["ClientSecret"] = Secret,
            }
        );

        (int exitCode, string output) = await SampleApi.FailToStartAsync(settings);

        AssertStopped(exitCode, output, fault, remedy);
    }

    [Fact]
    public async Task A_missing_configuration_stops_the_process()
    {
        (int exitCode, string output) = await SampleApi.FailToStartAsync([]);

        AssertStopped(exitCode, output, "IntrospectionEndpoint is not set", "Set it, or use a provider");
    }

    [Fact]
    public async Task All_configuration_errors_are_reported_together()
    {
        (int exitCode, string output) = await SampleApi.FailToStartAsync(
            new(StringComparer.Ordinal)
            {
                ["Timeout"] = "soon",
                ["Audience"] = "a",
                ["Cache:MaxAge"] = "1",
            }
        );

        AssertStopped(exitCode, output, "Timeout is not a time", "Audience is not a setting");
        Assert.Contains("MaxAge is not a setting", output, StringComparison.Ordinal);
    }

    private static void AssertStopped(int exitCode, string output, string fault, string remedy)
    {
        Assert.NotEqual(0, exitCode);
        Assert.Contains("OAuthIntrospection", output, StringComparison.Ordinal);
        Assert.Contains(fault, output, StringComparison.Ordinal);
        Assert.Contains(remedy, output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, output, StringComparison.Ordinal);
        Assert.DoesNotContain("Now listening", output, StringComparison.Ordinal);
    }

    /// <summary>"name=value" sets, "name" removes.</summary>
    private static Dictionary<string, string> Change(string setting, Dictionary<string, string> settings)
    {
        string[] parts = setting.Split('=', 2);
        if (parts.Length == 2)
            settings[parts[0]] = parts[1];
        else
            settings.Remove(parts[0]);
        return settings;
    }
}
