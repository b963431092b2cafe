using System.Collections;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Configuration;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.Telemetry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>What README.md and docs/ say is so: their code compiles, their tables are the code's own, their links lead somewhere.</summary>
public sealed partial class DocumentationTests
{
    private const string Readme = "README.md";
    private const string ConfigurationPage = "docs/configuration.md";
    private const string Section = "Authentication:Schemes";
    private const string This = "tests/IntrospectionAuth.Tests/Conventions/DocumentationTests.cs";

    private static readonly string[] s_pages =
        [Readme, .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(file => "docs/" + Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Pages => [.. s_pages];

    [Fact]
    public void The_first_code_of_the_README_is_a_region_of_the_quickstart()
    {
        string program = Repository.Read("samples/Quickstart/Program.cs").ReplaceLineEndings("\n");
        string region = program.Split("// <readme>\n")[1].Split("// </readme>")[0].TrimEnd();

        Assert.Equal(region, Blocks(Readme, "csharp").First());
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_on_a_page_is_code_that_compiles(string page)
    {
        string[][] sources = [.. Repository.SourceFiles("samples").Select(file => Lines(file.Text)), Lines(Repository.Read(This))];

        Assert.All(Blocks(page, "csharp"), block => Assert.True(sources.Any(source => HasBlock(source, Lines(block))), $"Neither in samples/ nor in {This}:\n{block}"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Configuration_on_a_page_is_accepted_and_lacks_nothing_but_the_secret(string page)
    {
        foreach (string json in Blocks(page, "json").Where(block => block.Contains("\"Schemes\"", StringComparison.Ordinal)))
        {
            string[] schemes = [.. Configuration(json).GetSection(Section).GetChildren().Select(scheme => scheme.Key)];

            Assert.NotEmpty(schemes);
            foreach (string scheme in schemes)
            {
                OAuthIntrospectionOptions options = Read(scheme, Configuration(json, Secret(json, scheme)));
                Assert.NotNull(options.IntrospectionEndpoint ?? options.Authority);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Defaults_on_a_page_are_the_defaults(string page)
    {
        var options = new OAuthIntrospectionOptions();
        foreach (string[] row in Rows(page, "Option").Where(row => Name(row) != "Provider" && row.Length > 2))
            Assert.Equal($"{Name(row)}: {Describe(ValueOf(options, Name(row)))}", $"{Name(row)}: {row[page == ConfigurationPage ? 2 : 1]}");

        var fake = new FakeAuthorizationServerOptions();
        foreach (string[] row in Rows(page, "Setting of `FakeAuthorizationServerOptions`"))
            Assert.Equal($"{Name(row)}: {Describe(ValueOf(fake, Name(row)))}", $"{Name(row)}: {row[1]}");
    }

    [Fact]
    public void The_page_about_configuration_has_every_option()
    {
        string[] elsewhere = ["Events", "EventsType", "TimeProvider", "ForwardDefaultSelector"]; // below the tables: not one of them is a value
        string[] never = ["ForwardSignIn", "ForwardSignOut"]; // this scheme signs nobody in
        IEnumerable<string> options = OptionTable.All.Select(option => option.Key.Replace(':', '.')).Concat(OptionTable.CodeOnly.Keys.Except([.. elsewhere, .. never], StringComparer.Ordinal));

        AssertSame(options.Append("Provider"), Rows(ConfigurationPage, "Option").Select(Name));
        Assert.All(elsewhere, name => Assert.Contains($"`{name}`", Repository.Read(ConfigurationPage), StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_about_the_fake_server_has_every_option_of_it() =>
        AssertSame(Properties(typeof(FakeAuthorizationServerOptions), ""), Rows("docs/testing.md", "Setting of `FakeAuthorizationServerOptions`").Select(Name));

    [Fact]
    public void The_page_about_configuration_has_the_type_of_every_key_and_calls_the_others_code_only()
    {
        IEnumerable<string> keys = KnownKeys("").Except(OptionTable.Groups, StringComparer.Ordinal).Concat(OptionTable.Groups.SelectMany(name => KnownKeys(name + ":").Select(key => $"{name}.{key}")));
        string[][] rows = [.. Rows(ConfigurationPage, "Option")];

        AssertSame(keys, rows.Where(row => row[1] != "code only").Select(Name));
        Assert.All(
            rows.Where(row => Name(row) != "Provider" && row[1] != "code only"),
            row => Assert.Equal($"{Name(row)}: {DescribeType(PropertyOf(typeof(OAuthIntrospectionOptions), Name(row)).PropertyType)}", $"{Name(row)}: {row[1]}"));
    }

    [Theory]
    [InlineData(Readme)]
    [InlineData("docs/client-authentication.md")]
    public void A_table_of_client_authentication_methods_has_every_method_and_its_property(string page)
    {
        IEnumerable<string> known = typeof(ClientAuthenticationMethod).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Select(property => $"{property.GetValue(null)} {property.Name}")
            .Append($"{ClientAuthenticationMethod.BearerCredential(_ => new("token"))} {nameof(ClientAuthenticationMethod.BearerCredential)}(…)");

        AssertSame(known, Rows(page, "Name").Select(row => $"{Name(row)} {row[1].Trim('`')}"));
    }

    [Fact]
    public void The_page_about_logging_has_every_message_with_its_id_and_level()
    {
        IEnumerable<string> messages = typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()
            .Select(message => $"{message.EventId} {message.EventName} {message.Level}");

        AssertSame(messages, Rows("docs/logging.md", "Id").Select(row => $"{row[0]} {row[1].Trim('`')} {row[2]}"));
    }

    [Fact]
    public async Task The_page_about_telemetry_has_every_instrument_with_its_type_and_unit()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server);
        using var metrics = new MeasurementRecorder(api.Services);
        await TellAsync(api, "/read", "token");

        IEnumerable<string> instruments = metrics.Instruments.Select(instrument => $"{instrument.Name} {instrument.GetType().Name.Split('`')[0]} {instrument.Unit}");
        AssertSame(instruments, Rows("docs/telemetry.md", "Instrument").Select(row => $"{Name(row)} {row[1].Replace(" ", "", StringComparison.Ordinal)} {row[2].Trim('`')}"));
        AssertSame(
            typeof(OAuthIntrospectionTelemetry).GetFields().Select(field => (string)field.GetRawConstantValue()!).Where(name => name.StartsWith("introspection_auth.", StringComparison.Ordinal)),
            metrics.Instruments.Select(instrument => instrument.Name));
    }

    [Fact]
    public void The_page_about_health_has_every_parameter_of_the_check() => AssertSame(
        typeof(OAuthIntrospectionHealthCheckExtensions).GetMethods(BindingFlags.Static | BindingFlags.Public).Single().GetParameters().Skip(1).Select(parameter => parameter.Name!),
        Rows("docs/health.md", "Parameter").Select(Name));

    [Fact]
    public void The_page_about_events_has_every_event() => AssertSame(
        typeof(OAuthIntrospectionEvents).GetProperties().Select(property => property.Name),
        Rows("docs/events.md", "Event").Select(Name));

    [Fact]
    public void The_page_about_responses_has_every_failure_and_its_sentence() => AssertSame(
        Enum.GetValues<OAuthIntrospectionFailure>().Select(failure => $"{failure} {FailureDescription.For(failure)}"),
        Rows("docs/responses.md", "`OAuthIntrospectionFailure`").Select(row => $"{Name(row)} {row[2]}"));

    [Fact]
    public async Task What_a_caller_gets_is_what_the_tables_say()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server, new TestApiSetup
        {
            Services = services => services.AddAuthentication().AddOAuthIntrospection(options => options.Audiences.Add("api")),
            Endpoints = app => app.MapGet("/transfers", () => "").RequireAcr("urn:example:mfa").RequireRecentAuthentication(TimeSpan.FromMinutes(5)),
        });
        string token = server.IssueToken(it => { it.Scopes = ["write"]; it.Audiences = ["api"]; });
        string foreign = server.IssueToken(it => it.Audiences = ["other"]);
        string bound = server.IssueToken(it => { it.Audiences = ["api"]; it.Members["cnf"] = new Dictionary<string, object?> { ["jkt"] = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" }; });

        var told = new List<string>
        {
            await TellAsync(api, "/me", null),
            await TellAsync(api, "/read", null),
            await TellAsync(api, "/read", "not a token"),
            await TellAsync(api, "/read", "unknown"),
            await TellAsync(api, "/read", foreign),
            await TellAsync(api, "/read", bound),
            await TellAsync(api, "/read", bound, "DPoP"),
            await TellAsync(api, "/transfers", token),
            await TellAsync(api, "/read", token),
        };
        server.Disconnect();
        told.Add(await TellAsync(api, "/read", "another"));

        Assert.Equal(told, Rows(Readme, "Situation").Select(row => $"{row[1]} {row[2].Trim('`')}"));
        Assert.Empty(Rows("docs/responses.md", "Situation").Where(row => row[2].Length > 0).Select(row => $"{row[1]} {row[2].Trim('`')}").Except(told, StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_a_caller_gets_who_has_to_authenticate_again_is_what_the_table_says()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server, new TestApiSetup
        {
            Services = services => services.AddAuthentication().AddOAuthIntrospection(_ => { }),
            Endpoints = app =>
            {
                app.MapGet("/way", () => "").RequireAcr("gold", "silver");
                app.MapGet("/time", () => "").RequireRecentAuthentication(TimeSpan.FromMinutes(5));
                app.MapGet("/transfers", () => "").RequireAcr("gold", "silver").RequireRecentAuthentication(TimeSpan.FromMinutes(5)).RequireScope("transfers");
            },
        });
        string token = server.IssueToken("read");

        string[] told = [await TellAsync(api, "/way", token), await TellAsync(api, "/time", token), await TellAsync(api, "/transfers", token)];

        Assert.Equal(told, Rows("docs/step-up.md", "What").Select(row => $"{row[1]} {row[2].Trim('`')}"));
    }

    [Fact]
    public async Task The_metadata_on_the_page_is_that_of_the_configuration_above_it()
    {
        string[] blocks = [.. Blocks("docs/resource-metadata.md", "json")];
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server, new TestApiSetup
        {
            Configuration = configuration => configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(blocks[0]))),
            Services = services => services.AddAuthentication().AddOAuthIntrospection(),
            Endpoints = app => app.MapProtectedResourceMetadata(),
        });

        string actual = await api.Client.GetStringAsync("/.well-known/oauth-protected-resource/mcp");

        Assert.Equal(JsonNode.Parse(blocks[1])!.ToJsonString(), JsonNode.Parse(actual)!.ToJsonString());
        Assert.All(
            Rows("docs/resource-metadata.md", "A resource"), row => Assert.Equal(row[1].Trim('`'), IntrospectionAuth.ResourceMetadata.MetadataUrl.Of(Name(row))));
    }

    [Fact]
    public async Task The_problem_details_on_the_page_are_those_of_a_token_that_is_not_active()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/read", "unknown");

        JsonNode? expected = JsonNode.Parse(Blocks("docs/responses.md", "json").Single());
        JsonNode? actual = JsonNode.Parse(await response.Content.ReadAsStringAsync());
        Assert.True(JsonNode.DeepEquals(expected, actual), $"The page has {expected}, the response {actual}.");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_of_a_page_lead_to_files_headings_and_tests(string page)
    {
        string folder = Path.GetDirectoryName(page)!;
        var wrong = new List<string>();
        foreach (Match link in Link().Matches(Repository.Read(page)))
        {
            string[] target = link.Groups["target"].Value.Split('#');
            if (target[0].Contains(':', StringComparison.Ordinal))
                continue;

            string path = target[0].Length == 0 ? page : Path.Combine(folder, target[0]);
            string file = Path.Combine(Repository.Root, path);
            bool isThere = File.Exists(file)
                ? (target.Length == 1 || Anchors(path).Contains(target[1], StringComparer.Ordinal))
                    && (!path.EndsWith(".cs", StringComparison.Ordinal) || Repository.Read(path).Contains($" {link.Groups["text"].Value}(", StringComparison.Ordinal))
                : target.Length == 1 && Directory.Exists(file);
            if (!isThere)
                wrong.Add(link.Value);
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void The_README_links_every_page()
    {
        string readme = Repository.Read(Readme);

        Assert.All(s_pages.Where(page => page != Readme), page => Assert.Contains($"]({page})", readme, StringComparison.Ordinal));
    }

    private static async Task<string> TellAsync(TestApi api, string path, string? token, string scheme = "Bearer")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {token}");
        using HttpResponseMessage response = await api.Client.SendAsync(request);

        string[] headers = ["WWW-Authenticate", "Retry-After"];
        return $"{(int)response.StatusCode} " + string.Join(' ', response.Headers.NonValidated.Where(header => headers.Contains(header.Key, StringComparer.Ordinal)).Select(header => $"{header.Key}: {header.Value}"));
    }

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));

    internal static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    /// <summary>The fenced blocks of a language.</summary>
    private static IEnumerable<string> Blocks(string page, string language) =>
        Fence().Matches(Repository.Read(page).ReplaceLineEndings("\n")).Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["code"].Value.TrimEnd());

    /// <summary>Whether the lines stand somewhere one after the other, however far they are indented.</summary>
    private static bool HasBlock(string[] source, string[] block)
    {
        for (int start = 0; start <= source.Length - block.Length; start++)
        {
            string indent = source[start][..(source[start].Length - source[start].TrimStart().Length)];
            if (block.Zip(source.Skip(start), (wanted, line) => wanted.Length == 0 ? line.Length == 0 : line == indent + wanted).All(isSame => isSame))
                return true;
        }

        return false;
    }

    /// <summary>The rows of all tables whose first column has this heading, cell by cell.</summary>
    internal static IEnumerable<string[]> Rows(string page, string heading)
    {
        bool isInside = false;
        foreach (string line in Lines(Repository.Read(page)))
        {
            bool isRow = line.StartsWith("| ", StringComparison.Ordinal);
            if (isRow && isInside)
                yield return [.. line[1..line.LastIndexOf('|')].Split('|').Select(cell => cell.Trim())];
            isInside = line.StartsWith('|') && (isInside || line.StartsWith($"| {heading} |", StringComparison.Ordinal));
        }
    }

    private static string Name(string[] row) => row[0].Trim('`');

    private static IEnumerable<string> Properties(Type type, string prefix) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(property => prefix + property.Name);

    private static PropertyInfo PropertyOf(Type type, string path)
    {
        string[] parts = path.Split('.', ':');
        PropertyInfo property = type.GetProperty(parts[0]) ?? throw new InvalidOperationException($"There is no {path}.");
        return parts.Length == 1 ? property : PropertyOf(property.PropertyType, parts[1]);
    }

    private static object? ValueOf(object owner, string path)
    {
        string[] parts = path.Split('.', ':');
        object? value = PropertyOf(owner.GetType(), parts[0]).GetValue(owner);
        return parts.Length == 1 ? value : ValueOf(value!, parts[1]);
    }

    private static string Describe(object? value) => value switch
    {
        null => "not set",
        bool flag => flag ? "`true`" : "`false`",
        TimeSpan time when time == TimeSpan.Zero => "0",
        TimeSpan time when time.TotalHours == 1 => "1 hour",
        TimeSpan time when time.TotalMinutes == 1 => "1 minute",
        TimeSpan time when time.TotalSeconds == 1 => "1 second",
        TimeSpan time when time.Seconds == 0 => $"{time.TotalMinutes} minutes",
        TimeSpan time => $"{time.TotalSeconds} seconds",
        double number => number.ToString(CultureInfo.InvariantCulture),
        int number => number.ToString("N0", CultureInfo.InvariantCulture),
        string or Enum or ClientAuthenticationMethod => $"`{value}`",
        Uri address => $"`{address.OriginalString}`",
        TimeProvider time when time == TimeProvider.System => "the system's",
        IEnumerable list when !list.Cast<object>().Any() => "empty",
        _ => throw new InvalidOperationException($"How is a {value.GetType()} written?"),
    };

    private static string DescribeType(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(int?) ? "whole number"
        : type == typeof(double) ? "number"
        : type == typeof(TimeSpan) || type == typeof(TimeSpan?) ? "time"
        : type == typeof(IList<string>) || type == typeof(IList<int>) ? "list"
        : type == typeof(IDictionary<string, string>) ? "map"
        : "text";

    /// <summary>What a page leaves to the environment: a secret, or, of a certificate, all but its name.</summary>
    private static (string Key, string Value)[] Secret(string json, string scheme)
    {
        if (!json.Contains("\"CertificatePath\"", StringComparison.Ordinal))
            return [($"{Section}:{scheme}:ClientSecret", "a secret of at least 32 bytes, as HS256 wants it")];

        string path = Path.Combine(AppContext.BaseDirectory, "of-a-page.p12");
        using X509Certificate2 certificate = ClientAuthentication.CertificateServer.CreateCertificate("api");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, "password"));
        return [($"{Section}:{scheme}:CertificatePath", path), ($"{Section}:{scheme}:CertificateKeyPath", ""), ($"{Section}:{scheme}:CertificatePassword", "password")];
    }

    private static string[] KnownKeys(string prefix)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read("test", Configuration("{}", ($"{Section}:test:{prefix}Nonsense", "x"))));
        string fault = exception.Failures.Single(failure => failure.Contains("Nonsense is not a setting", StringComparison.Ordinal));
        return fault[(fault.IndexOf("Known settings are ", StringComparison.Ordinal) + 19)..].TrimEnd('.').Split(", ");
    }

    private static IConfigurationRoot Configuration(string json, params (string Key, string Value)[] beside) => new ConfigurationBuilder()
        .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))
        .AddInMemoryCollection(beside.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
        .Build();

    private static OAuthIntrospectionOptions Read(string scheme, IConfiguration configuration)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(configuration);
        services.AddAuthentication().AddOAuthIntrospection(scheme);
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>().Get(scheme);
    }

    /// <summary>The anchors of a page's headings, as GitHub makes them.</summary>
    private static IEnumerable<string> Anchors(string page) => Lines(Fence().Replace(Repository.Read(page).ReplaceLineEndings("\n"), ""))
        .Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<code>.*?)^```$", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\[(?<text>[^\]\n]+)\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]", RegexOptions.None, 1000)]
    private static partial Regex NotInAnchor();

    /// <summary>The code of the pages that is in no sample: here it compiles.</summary>
    private static class Snippets
    {
        public static void Providers(WebApplicationBuilder builder)
        {
            builder.Services.AddAuthentication().AddOAuthIntrospection(options =>
            {
                options.UseAttio();
                options.Audiences.Add("your-attio-client-id"); // without it, tokens of every Attio app are accepted
            });

            builder.Services.AddAuthentication().AddOAuthIntrospection(options =>
                options.UseWorkOS("https://auth.example.com", "client_01EXAMPLE", builder.Configuration["WorkOS:ClientSecret"]!));

            builder.Services.AddAuthentication().AddOAuthIntrospection(options =>
                options.UseVMwareCloud("https://console.cloud.vmware.com", "your-client-id", builder.Configuration["VMwareCloud:ClientSecret"]!));

            builder.Services.AddAuthentication().AddOAuthIntrospection(options =>
            {
                options.Authority = "https://auth.example.com";
                options.ClientId = "api";
                options.ClientSecret = builder.Configuration["AuthorizationServer:ClientSecret"];
                options.Audiences.Add("https://api.example.com");
            });

            builder.Services.AddAuthentication().AddOAuthIntrospection(options =>
            {
                options.IntrospectionEndpoint = "https://auth.example.com/introspect";
                options.ClientId = "api";
                options.ClientSecret = builder.Configuration["AuthorizationServer:ClientSecret"];
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientSecretPost; // the default is client_secret_basic
                options.ValidIssuers.Add("https://auth.example.com");
                options.Audiences.Add("https://api.example.com");
            });
        }

        public static void ProvidersPage(OAuthIntrospectionOptions options, string secret)
        {
            options.UseAttio();
            options.Audiences.Add("your-attio-client-id");

            options.UseWorkOS("https://auth.example.com", "client_01EXAMPLE", secret);

            options.UseVMwareCloud("https://console.cloud.vmware.com", "your-client-id", secret);

            options.Authority = "https://auth.example.com";
            options.ClientId = "api";
            options.ClientSecret = secret;

            options.IntrospectionEndpoint = "https://auth.example.com/introspect";
            options.ClientId = "api";
            options.ClientSecret = secret;
            options.ValidIssuers.Add("https://auth.example.com");
            options.Audiences.Add("https://api.example.com");
        }

        public static void Registration(WebApplicationBuilder builder)
        {
            builder.Services.AddAuthentication("attio")
                .AddOAuthIntrospection("attio", options => options.UseAttio())
                .AddOAuthIntrospection("partners");

            builder.Services.AddAuthentication(BearerSelectorDefaults.AuthenticationScheme)
                .AddBearerSelector(selector =>
                {
                    selector.ForwardPrefix("acme_", "acme");
                    selector.ForwardIssuer("https://login.partners.example.com", "partners");
                    selector.DefaultScheme = "acme";
                })
                .AddOAuthIntrospection("acme")
                .AddOAuthIntrospection("partners");

            builder.Services.AddAuthentication("acme")
                .AddOAuthIntrospection("acme", options =>
                {
                    options.TokenFilter.Prefixes.Add("acme_");
                    options.TokenFilter.Mismatch = TokenFilterMismatch.PassOn;
                })
                .AddOAuthIntrospection("partners", options =>
                {
                    options.TokenFilter.Pattern = @"[\w-]+\.[\w-]+\.[\w-]+"; // signed JWTs: three parts
                    options.TokenFilter.Mismatch = TokenFilterMismatch.PassOn;
                });
            builder.Services.AddAuthorizationBuilder().AddPolicy("anybody", policy => policy
                .AddAuthenticationSchemes("acme", "partners")
                .RequireAuthenticatedUser());

            builder.Services.AddAuthorizationBuilder().AddPolicy("reports", policy => policy
                .RequireAnyScope("reports:read", "reports:admin")
                .RequireClaim("org_id"));

            builder.Services.AddAuthorizationBuilder().AddPolicy("transfers", policy => policy
                .RequireScope("transfers")
                .RequireAcr("gold", "silver")
                .RequireRecentAuthentication(TimeSpan.FromMinutes(5)));

            builder.Services.AddHealthChecks().AddOAuthIntrospection();

            builder.Services.AddSingleton<IAuthorizationPolicyProvider, MyPolicyProvider>();
            builder.Services.AddAuthentication().AddOAuthIntrospection();

            builder.Services.AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName("OAuthIntrospection"))
                .AddHttpMessageHandler(() => new MyHandler());
        }

        public static void Endpoints(WebApplication app)
        {
            app.MapHealthChecks("/health");

            app.MapGroup("/reports").RequireScope("reports:read");
            app.MapGet("/search", () => "You may search.").RequireAnyScope("read", "search");

            app.MapPost("/payments", Pay).RequireFreshToken(TimeSpan.Zero);
            app.MapGroup("/account").RequireFreshToken(TimeSpan.FromSeconds(30));

            app.MapPost("/transfers", Transfer).RequireAcr("urn:example:mfa").RequireRecentAuthentication(TimeSpan.FromMinutes(5));

            app.MapPost("/hooks/logout", (Logout logout, OAuthIntrospectionCache cache) => cache.RemoveSession(logout.SessionId));
        }

        public static void Certificates(WebApplicationBuilder builder, WebApplication app)
        {
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            }));

            builder.Services.AddCertificateForwarding(options => options.CertificateHeader = "X-SSL-CERT");

            app.UseCertificateForwarding(); // before authentication
            app.UseAuthentication();
            app.UseAuthorization();

            builder.Services.AddCertificateForwarding(options =>
            {
                options.CertificateHeader = "X-SSL-CERT";
                options.HeaderConverter = header => X509Certificate2.CreateFromPem(Uri.UnescapeDataString(header));
            });
        }

        public static void Proxy(WebApplicationBuilder builder, WebApplication app)
        {
            builder.Services.Configure<ForwardedHeadersOptions>(options =>
            {
                options.ForwardedHeaders = ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
                options.AllowedHosts = ["api.example.com"];
            });

            app.UseForwardedHeaders();
            app.UseAuthentication();
            app.UseAuthorization();
        }

        private static string Pay() => "Paid.";

        private static string Transfer() => "Transferred.";

        public static void SigningKey(OAuthIntrospectionOptions options, Vault vault)
        {
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.PrivateKeyJwt;
            options.SigningKey = ClientSigningKey.FromSigner("ES256", (data, cancellationToken) => vault.SignAsync(data, cancellationToken));
        }

        public static void ClientCertificate(OAuthIntrospectionOptions options, string password)
        {
            X509Certificate2Collection all = X509CertificateLoader.LoadPkcs12CollectionFromFile("client.p12", password);
            options.ClientCertificate = all.First(certificate => certificate.HasPrivateKey);
            options.ClientCertificateChain = all;
        }

        public static void Options(OAuthIntrospectionOptions options, Tokens tokens, string key)
        {
            options.Cache.MaximumAge = TimeSpan.FromMinutes(1);

            options.Cache.HonorCacheControl = true;

            options.Cache.MaximumAge = TimeSpan.FromMinutes(1);
            options.Cache.StaleIfUnavailable = TimeSpan.FromMinutes(15);

            options.Resilience.Enabled = false;

            options.InactiveStatusCodes.Add(400);

            options.ClaimMappings["orgId"] = "org_id";
            options.ClaimMappings["realm_access.roles"] = "roles";
            options.ClaimMappings["urn:zitadel:iam:org:project:roles.*"] = "roles";
            options.ClaimMappings["permissions"] = "scope";

            options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(context => tokens.GetAsync(context.CancellationToken));

            options.ClientAuthenticationMethod = new ApiKey(key);
        }

        public static void Events(OAuthIntrospectionOptions options)
        {
            options.Events.OnTokenValidated = context =>
            {
                if (context.Principal!.HasClaim("org_id", "org_suspended"))
                    context.Fail("The organization is suspended.");
                return Task.CompletedTask;
            };

            options.Events.OnMessageReceived = context =>
            {
                context.Token = context.Request.Headers["X-Access-Token"];
                return Task.CompletedTask;
            };

            options.Events.OnMessageReceived = context =>
            {
                if (context.Request.Headers.ContainsKey("X-Api-Key"))
                    context.NoResult();
                return Task.CompletedTask;
            };

            options.Events.OnTokenValidated = context =>
            {
                context.Principal!.AddIdentity(new ClaimsIdentity([new Claim("tenant", "acme")]));
                return Task.CompletedTask;
            };

            options.Events.OnChallenge = context =>
            {
                context.ErrorUri = "https://docs.example.com/tokens";
                return Task.CompletedTask;
            };
        }

        public static async Task TestAsync()
        {
            await using var server = FakeAuthorizationServer.Create();
            await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
                host.ConfigureTestServices(services => services.UseFakeAuthorizationServer(server)));
            using HttpClient client = factory.CreateClient();

            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.IssueToken("read"));
            using HttpResponseMessage response = await client.GetAsync("/read");

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        public static async Task CredentialsAsync()
        {
            await using var server = FakeAuthorizationServer.Create(options =>
            {
                options.ClientId = "api";
                options.ClientSecret = "the secret of the application under test";
            });
        }

        public static async Task AuthorityAsync()
        {
            await using var server = FakeAuthorizationServer.Create(options => options.BaseAddress = new Uri("https://login.example.com"));
        }

        public static async Task FakeServerAsync(FakeAuthorizationServer server, HttpClient client)
        {
            string token = server.IssueToken(it =>
            {
                it.Scopes = ["read", "write"];
                it.Subject = "user-7";
                it.Audiences = ["https://api.example.com"];
                it.Lifetime = TimeSpan.FromMinutes(10);
                it.Members["department"] = "sales";
            });

            server.Revoke(token);

            server.AnswerWith(503, headers: [new("Retry-After", "30")]);
            server.AnswerWith(200, "<!doctype html>", "text/html", calls: 1);
            server.AnswerInactiveTokensWith(400);
            server.AnswerAfter(TimeSpan.FromSeconds(2));
            server.NeverAnswer();
            server.Disconnect();
            server.DripBody(" ", interval: TimeSpan.FromSeconds(1), start: "{");
            server.ResetBehavior();

            using HeldAnswers held = server.HoldAnswers();
            Task<HttpResponseMessage>[] requests = [client.GetAsync("/read"), client.GetAsync("/read")];
            await held.WaitForCallsAsync(1);
            held.Release();
            await Task.WhenAll(requests);

            Assert.Equal(1, server.CallCount);
        }

        public sealed class ApiKey(string key) : ClientAuthenticationMethod("api_key")
        {
            public override ValueTask AuthenticateAsync(ClientAuthenticationContext context)
            {
                context.Request.Headers.Add("X-Api-Key", key);
                return ValueTask.CompletedTask;
            }
        }

        public sealed class Tokens
        {
            private readonly string _token = "token";

            public ValueTask<string> GetAsync(CancellationToken cancellationToken) =>
                cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<string>(cancellationToken) : new(_token);
        }

        public sealed class Vault
        {
            private readonly byte[] _signature = new byte[64];

            public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
                data.IsEmpty ? ValueTask.FromCanceled<byte[]>(cancellationToken) : new(_signature);
        }

        private sealed class MyHandler : DelegatingHandler;

        private sealed record Logout(string SessionId);

        private sealed class MyPolicyProvider(IOptions<AuthorizationOptions> options) : DefaultAuthorizationPolicyProvider(options);

        private sealed class Program;
    }
}
