using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Configuration;

/// <summary>Maps in configuration, whose names may contain colons and dots.</summary>
public sealed class MapConfigurationTests
{
    private const string Section = "Authentication:Schemes:OAuthIntrospection:";

    private static readonly string[] s_names =
    [
        "plain",
        "realm_access.roles",
        "urn:zitadel:iam:org:project:roles",
        "urn:zitadel:iam:org:project:roles.*",
        "urn:zitadel:iam:org",
        "https://example.com/roles",
        "https://example.com:8443/roles",
        "a::b",
        ":a",
        "a:",
        "with space",
        "x-y",
        "urn:example:7x",
    ];

    public static TheoryData<string, string> Names
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (Option map in OptionTable.All.Where(option => option.Kind == OptionKind.Map))
            {
                foreach (string name in s_names)
                    data.Add(map.Key, name);
            }

            return data;
        }
    }

    [Fact]
    public void The_options_that_are_maps_are_known() =>
        Assert.Equal(
            ["ClaimMappings", "ClientCredentials:Parameters", "IntrospectionParameters", "ResourceMetadata:Members"],
            OptionTable.All.Where(option => option.Kind == OptionKind.Map).Select(option => option.Key).Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_may_contain_colons_and_dots_in_JSON_and_in_the_environment(string map, string name)
    {
        Option option = OptionTable.Find(map);
        string variable = map.Replace(":", "__", StringComparison.Ordinal);
        string shellName = name.Replace(":", "__", StringComparison.Ordinal);

        Action<IConfigurationBuilder>[] sources =
        [
            builder => SchemeOptions.AddJson(builder, option.Json($$"""{ "{{name}}": "x" }""")),
            builder => SchemeOptions.AddJson(builder, option.Json($$"""[ "{{name}}=x" ]""")),
            builder => SchemeOptions.AddEnvironment(builder, ($"{variable}__{name}", "x")),
            builder => SchemeOptions.AddEnvironment(builder, ($"{variable}__{shellName}", "x")),
            builder => SchemeOptions.AddEnvironment(builder, ($"{variable}__0", $"{name}=x")),
        ];

        Assert.All(
            sources,
            source =>
            {
                var values = (IDictionary<string, string>)option.ValueOf(SchemeOptions.ReadWithoutValidation(source))!;
                Assert.Equal(KeyValuePair.Create(name, "x"), Assert.Single(values));
            }
        );
    }

    [Fact]
    public void A_name_and_a_longer_name_that_starts_with_it_are_both_read()
    {
        OAuthIntrospectionOptions options = SchemeOptions.FromJson(
            """
            { "ClaimMappings": { "urn:a:b": "1", "urn:a:b:c": "2", "urn": "3", "urn:a": "4", "urnx": "5", "r": "6", "r.a": "7" } }
            """
        );

        IEnumerable<string> mappings = options.ClaimMappings.Select(mapping => $"{mapping.Key}={mapping.Value}");
        Assert.Equal("r.a=7 r=6 urn:a:b:c=2 urn:a:b=1 urn:a=4 urn=3 urnx=5", string.Join(' ', mappings.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_later_source_replaces_the_value_of_one_name_only()
    {
        OAuthIntrospectionOptions options = SchemeOptions.Read(builder =>
        {
            SchemeOptions.AddJson(builder, """{ "ClaimMappings": { "urn:example:roles": "roles", "urn:example": "other" } }""");
            SchemeOptions.AddEnvironment(builder, ("ClaimMappings__urn__example__roles", "role"));
        });

        Assert.Equal("role", options.ClaimMappings["urn:example:roles"]);
        Assert.Equal("other", options.ClaimMappings["urn:example"]);
    }

    [Fact]
    public void A_map_is_added_to_that_of_a_preset()
    {
        OAuthIntrospectionOptions options = SchemeOptions.FromJson(
            """
            { "Provider": "VMwareCloud", "Authority": "https://console.example.com", "ClaimMappings": { "urn:example:roles": "roles" } }
            """
        );

        Assert.Equal("org_id", options.ClaimMappings["orgId"]);
        Assert.Equal("roles", options.ClaimMappings["urn:example:roles"]);
    }

    [Theory]
    [InlineData("realm_access.roles=roles", "realm_access.roles", "roles")]
    [InlineData(" realm_access.roles = roles ", "realm_access.roles", "roles")]
    [InlineData("a=b=c", "a", "b=c")]
    [InlineData("urn:example:0=roles", "urn:example:0", "roles")]
    [InlineData("0=roles", "0", "roles")]
    [InlineData("7:a=roles", "7:a", "roles")]
    public void An_element_of_a_list_is_a_name_and_a_value(string element, string name, string value)
    {
        OAuthIntrospectionOptions options = SchemeOptions.FromJson($$"""{ "ClaimMappings": [ "{{element}}" ] }""");

        Assert.Equal(KeyValuePair.Create(name, value), Assert.Single(options.ClaimMappings));
    }

    [Theory]
    [InlineData("""{ "ClaimMappings": [ "roles" ] }""", "ClaimMappings:0 is not name=value")]
    [InlineData("""{ "ClaimMappings": [ "=roles" ] }""", "ClaimMappings:0 is not name=value")]
    [InlineData("""{ "ClaimMappings": [ null ] }""", "ClaimMappings:0 is not name=value")]
    [InlineData("""{ "ClaimMappings": [ { "Path": "a" } ] }""", "ClaimMappings:0 is not name=value")]
    [InlineData("""{ "ClaimMappings": { "urn:a": null } }""", "ClaimMappings:urn:a has no value")]
    [InlineData("""{ "ClaimMappings": { "urn:a": [ "x", "y" ] } }""", "ClaimMappings:urn:a is a list, but takes one value")]
    [InlineData("""{ "ClaimMappings": { "urn:a": "x", "0": "urn:a=y" } }""", "ClaimMappings:urn:a is set twice")]
    [InlineData("""{ "ClaimMappings": { "urn:a": "" } }""", "ClaimMappings has an empty value: urn:a")]
    [InlineData("""{ "ClaimMappings": { "": "x" } }""", "ClaimMappings has an empty value")]
    [InlineData("""{ "ClaimMappings": "roles" }""", "ClaimMappings is a single value, but must contain settings")]
    [InlineData("""{ "IntrospectionParameters": { "client_secret": "x" } }""", "IntrospectionParameters has client_secret")]
    [InlineData("""{ "IntrospectionParameters": [ "client_secret=x" ] }""", "IntrospectionParameters has client_secret")]
    [InlineData("""{ "IntrospectionParameters": { "": "x" } }""", "IntrospectionParameters has an empty name")]
    [InlineData("""{ "ResourceMetadata": { "Members": { "urn:a": [ 1 ] } } }""", "ResourceMetadata:Members:urn:a is a list")]
    public void A_value_that_is_not_a_map_is_a_fault_that_names_the_key(string json, string fault)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => SchemeOptions.FromJson(json));

        Assert.Contains(fault, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Audiences": { "https://api.example.com": "" } }""", "Audiences:https is not an element of a list")]
    [InlineData("""{ "Audiences": [ [ "a" ] ] }""", "Audiences:0 is not an element of a list")]
    [InlineData("""{ "Audiences": [ "a", null ] }""", "Audiences has an empty value")]
    [InlineData("""{ "RequiredClaims": { "urn": "x" } }""", "RequiredClaims:urn is not an element of a list")]
    public void A_value_that_is_not_a_list_is_a_fault_that_names_the_key(string json, string fault)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => SchemeOptions.FromJson(json));

        Assert.Contains(fault, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_whose_name_has_colons_can_be_required()
    {
        const string name = "urn:zitadel:iam:org:project:roles";

        Assert.Equal([name], SchemeOptions.FromJson($$"""{ "RequiredClaims": [ "{{name}}" ] }""").RequiredClaims);
        Assert.Equal([name], SchemeOptions.FromEnvironment(("RequiredClaims__0", name)).RequiredClaims);
    }

    [Fact]
    public async Task Roles_of_Zitadel_are_mapped_and_required_by_configuration_alone_and_a_changed_mapping_applies_to_cached_responses()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(
            200,
            """
            {
              "active": true,
              "urn:zitadel:iam:org:project:roles": { "admin": { "42": "acme.example" }, "reader": { "42": "acme" }, "writer": false }
            }
            """
        );
        var settings = new ChangingSettings();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                Configuration = configuration =>
                {
                    SchemeOptions.AddJson(
                        configuration,
                        """
                        { "RequiredClaims": [ "roles" ], "ClaimMappings": { "urn:zitadel:iam:org:project:roles.*": "roles" } }
                        """
                    );
                    configuration.Add(settings);
                },
            }
        );

        string first = await RolesAsync(api);
        settings.Change("ClaimMappings:urn:zitadel:iam:org:project:roles.*", "other");
        using HttpResponseMessage rejected = await api.GetAsync("/me", "opaque-4711");
        settings.Change("RequiredClaims:0", "other");
        string second = await RolesAsync(api, "other");

        Assert.Equal("admin reader", first);
        Assert.Equal(HttpStatusCode.Unauthorized, rejected.StatusCode);
        Assert.Equal("admin reader", second);
        Assert.Equal(1, server.CallCount);
    }

    private static async Task<string> RolesAsync(TestApi api, string type = "roles") =>
        string.Join(' ', (await api.AuthenticateAsync("opaque-4711")).Principal!.FindAll(type).Select(claim => claim.Value));

    private sealed class ChangingSettings : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public void Change(string key, string value)
        {
            Set(Section + key, value);
            OnReload();
        }
    }
}
