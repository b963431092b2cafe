using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IntrospectionAuth.Tests.Configuration;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>No page and no sample shows a secret inside of JSON: what is shown is copied, and lands in a repository.</summary>
public sealed partial class SecretsOnPagesTests
{
    public static TheoryData<string> Pages => DocumentationTests.Pages;

    [Theory]
    [MemberData(nameof(Pages))]
    public void JSON_on_a_page_can_be_read_and_has_no_secret(string page) =>
        Assert.All(DocumentationTests.Blocks(page, "json"), block => Assert.Empty(Secrets(JsonNode.Parse(block), "")));

    [Fact]
    public void Settings_of_samples_have_no_secret()
    {
        string samples = Path.Combine(Repository.Root, "samples");
        string[] files = [.. Directory.EnumerateFiles(samples, "appsettings*.json", SearchOption.AllDirectories)];

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Empty(Secrets(JsonNode.Parse(File.ReadAllText(file)), "")));
    }

    [Theory]
    [InlineData("""{ "ClientSecret": "x" }""", "ClientSecret")]
    [InlineData("""{ "a": [ { "CertificatePassword": "x" } ] }""", "CertificatePassword")]
    [InlineData("""{ "client_secret": "x" }""", "client_secret")]
    [InlineData("""{ "access_token": "x" }""", "access_token")]
    [InlineData("""{ "ApiKey": "x" }""", "ApiKey")]
    [InlineData("""{ "SigningKey": "x" }""", "SigningKey")]
    [InlineData("""{ "ConnectionString": "x" }""", "ConnectionString")]
    [InlineData("""{ "ClientSecret": "" }""", "")]
    [InlineData("""{ "TokenRetrieval": { "FormBody": true }, "SigningKeyPath": "/etc/key.pem", "MaximumTokenLength": 1 }""", "")]
    public void A_secret_is_found_wherever_it_is(string json, string name) =>
        Assert.Equal(name, string.Join(' ', Secrets(JsonNode.Parse(json), "")));

    [Fact]
    public void Every_option_that_is_a_secret_is_known_by_its_name() =>
        Assert.Equal(
            ["CertificatePassword", "ClientSecret", "DecryptionKeyPassword", "SigningKeyPassword"],
            OptionTable
                .All.Where(option => option.Kind == OptionKind.Text && SecretName().IsMatch(option.Key))
                .Select(option => option.Key)
                .Order(StringComparer.Ordinal)
        );

    private static IEnumerable<string> Secrets(JsonNode? node, string name) =>
        node switch
        {
            JsonObject members => members.SelectMany(member => Secrets(member.Value, member.Key)),
            JsonArray elements => elements.SelectMany(element => Secrets(element, name)),
            JsonValue value when SecretName().IsMatch(name) && value.GetValueKind() == JsonValueKind.String && value.ToString() != "" =>
            [
                name,
            ],
            _ => [],
        };

    [GeneratedRegex(
        "(secret|password|passphrase|token|connectionstring|(api|signing|private|decryption|access)_?key)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex SecretName();
}
