using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IntrospectionAuth.ResourceMetadata;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Certificates;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Claims;
using IntrospectionAuth.Tests.Configuration;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.Telemetry;
using Microsoft.AspNetCore.Builder;
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

    private static readonly string[] s_pages =
    [
        Readme,
        "SECURITY.md",
        .. Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

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
    public void Configuration_on_a_page_is_accepted_and_lacks_nothing_but_the_secret(string page)
    {
        foreach (string json in PageSettings.Of(page))
        {
            string[] schemes = PageSettings.SchemesOf(json);

            Assert.NotEmpty(schemes);
            foreach (string scheme in schemes)
            {
                OAuthIntrospectionOptions options = PageSettings.Read(scheme, PageSettings.Complete(json, scheme));
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
        // Below the tables: not one of them is a value
        string[] elsewhere = ["Events", "EventsType", "TimeProvider", "ForwardDefaultSelector"];
        string[] never = ["ForwardSignIn", "ForwardSignOut"]; // this scheme does not sign in
        IEnumerable<string> options = OptionTable
            .All.Select(option => option.Key.Replace(':', '.'))
            .Concat(OptionTable.CodeOnly.Keys.Except([.. elsewhere, .. never], StringComparer.Ordinal));

        AssertSame(options.Append("Provider"), Rows(ConfigurationPage, "Option").Select(Name));
        Assert.All(elsewhere, name => Assert.Contains($"`{name}`", Repository.Read(ConfigurationPage), StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_about_the_fake_server_has_every_option_of_it() =>
        AssertSame(
            Properties(typeof(FakeAuthorizationServerOptions), ""),
            Rows("docs/testing.md", "Setting of `FakeAuthorizationServerOptions`").Select(Name)
        );

    [Fact]
    public void The_page_about_configuration_has_the_type_of_every_key_and_calls_the_others_code_only()
    {
        IEnumerable<string> keys = KnownKeys("")
            .Except([.. OptionTable.Groups, "Tenants"], StringComparer.Ordinal) // docs/tenants.md
            .Concat(OptionTable.Groups.SelectMany(name => KnownKeys(name + ":").Select(key => $"{name}.{key}")));
        string[][] rows = [.. Rows(ConfigurationPage, "Option")];

        AssertSame(keys, rows.Where(row => row[1] != "code only").Select(Name));
        Assert.All(
            rows.Where(row => Name(row) != "Provider" && row[1] != "code only"),
            row =>
                Assert.Equal(
                    $"{Name(row)}: {DescribeType(PropertyOf(typeof(OAuthIntrospectionOptions), Name(row)).PropertyType)}",
                    $"{Name(row)}: {row[1]}"
                )
        );
    }

    [Fact]
    public void The_table_of_client_authentication_methods_has_every_method_and_its_property()
    {
        IEnumerable<string> known = typeof(ClientAuthenticationMethod)
            .GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Select(property => $"{property.GetValue(null)} {property.Name}")
            .Append(
                $"{ClientAuthenticationMethod.BearerCredential(_ => new("token"))} {nameof(ClientAuthenticationMethod.BearerCredential)}(…)"
            );

        AssertSame(known, Rows("docs/client-authentication.md", "Name").Select(row => $"{Name(row)} {row[1].Trim('`')}"));
    }

    [Fact]
    public void The_page_about_logging_has_every_message_with_its_id_and_level()
    {
        IEnumerable<string> messages = typeof(Log)
            .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
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

        IEnumerable<string> instruments = metrics.Instruments.Select(instrument =>
            $"{instrument.Name} {instrument.GetType().Name.Split('`')[0]} {instrument.Unit}"
        );
        AssertSame(
            instruments,
            Rows("docs/telemetry.md", "Instrument")
                .Select(row => $"{Name(row)} {row[1].Replace(" ", "", StringComparison.Ordinal)} {row[2].Trim('`')}")
        );
        AssertSame(
            typeof(OAuthIntrospectionTelemetry)
                .GetFields()
                .Select(field => (string)field.GetRawConstantValue()!)
                .Where(name => name.StartsWith("introspection_auth.", StringComparison.Ordinal)),
            metrics.Instruments.Select(instrument => instrument.Name)
        );
    }

    [Fact]
    public void The_page_about_health_has_every_parameter_of_the_check() =>
        AssertSame(
            typeof(OAuthIntrospectionHealthCheckExtensions)
                .GetMethods(BindingFlags.Static | BindingFlags.Public)
                .Single()
                .GetParameters()
                .Skip(1)
                .Select(parameter => parameter.Name!),
            Rows("docs/health.md", "Parameter").Select(Name)
        );

    [Fact]
    public void The_page_about_events_has_every_event() =>
        AssertSame(
            typeof(OAuthIntrospectionEvents).GetProperties().Select(property => property.Name),
            Rows("docs/events.md", "Event").Select(Name)
        );

    [Fact]
    public void The_page_about_responses_has_every_failure_and_its_sentence() =>
        AssertSame(
            Enum.GetValues<OAuthIntrospectionFailure>().Select(failure => $"{failure} {FailureDescription.For(failure)}"),
            Rows("docs/responses.md", "`OAuthIntrospectionFailure`").Select(row => $"{Name(row)} {row[2]}")
        );

    [Fact]
    public async Task What_a_caller_gets_is_what_the_tables_say()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(options => options.Audiences.Add("api")),
                Endpoints = app =>
                    app.MapGet("/transfers", () => "").RequireAcr("urn:example:mfa").RequireRecentAuthentication(TimeSpan.FromMinutes(5)),
            }
        );
        string token = server.IssueToken(it =>
        {
            it.Scopes = ["write"];
            it.Audiences = ["api"];
        });
        string foreign = server.IssueToken(it => it.Audiences = ["other"]);
        string bound = server.IssueToken(it =>
        {
            it.Audiences = ["api"];
            it.Members["cnf"] = new Dictionary<string, object?> { ["jkt"] = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" };
        });

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
        Assert.Empty(
            Rows("docs/responses.md", "Situation")
                .Where(row => row[2].Length > 0)
                .Select(row => $"{row[1]} {row[2].Trim('`')}")
                .Except(told, StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_caller_that_must_authenticate_again_receives_what_the_table_says()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(_ => { }),
                Endpoints = app =>
                {
                    app.MapGet("/way", () => "").RequireAcr("gold", "silver");
                    app.MapGet("/time", () => "").RequireRecentAuthentication(TimeSpan.FromMinutes(5));
                    app.MapGet("/transfers", () => "")
                        .RequireAcr("gold", "silver")
                        .RequireRecentAuthentication(TimeSpan.FromMinutes(5))
                        .RequireScope("transfers");
                },
            }
        );
        string token = server.IssueToken("read");

        string[] told =
        [
            await TellAsync(api, "/way", token),
            await TellAsync(api, "/time", token),
            await TellAsync(api, "/transfers", token),
        ];

        Assert.Equal(told, Rows("docs/step-up.md", "What").Select(row => $"{row[1]} {row[2].Trim('`')}"));
    }

    [Fact]
    public async Task The_metadata_on_the_page_is_that_of_the_configuration_above_it()
    {
        string[] blocks = [.. Blocks("docs/resource-metadata.md", "json")];
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Configuration = configuration => configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(blocks[0]))),
                Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                Endpoints = app => app.MapProtectedResourceMetadata(),
            }
        );

        string actual = await api.Client.GetStringAsync("/.well-known/oauth-protected-resource/mcp");

        Assert.Equal(JsonNode.Parse(blocks[1])!.ToJsonString(), JsonNode.Parse(actual)!.ToJsonString());
        Assert.All(
            Rows("docs/resource-metadata.md", "A resource"),
            row => Assert.Equal(row[1].Trim('`'), IntrospectionAuth.ResourceMetadata.MetadataUrl.Of(Name(row)))
        );
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
                    && (
                        !path.EndsWith(".cs", StringComparison.Ordinal)
                        || Repository.Read(path).Contains($" {link.Groups["text"].Value}(", StringComparison.Ordinal)
                    )
                : target.Length == 1 && Directory.Exists(file);
            if (!isThere)
                wrong.Add(link.Value);
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void The_README_links_every_page_and_a_folder_of_pages_by_its_index()
    {
        string readme = Repository.Read(Readme);

        Assert.All(
            s_pages.Where(page => page != Readme),
            page =>
            {
                string folder = Path.GetDirectoryName(page)!;
                string index = folder + "/README.md";
                if (page == index || folder is "" or "docs")
                    Assert.Contains($"]({page})", readme, StringComparison.Ordinal);
                else
                    Assert.Contains($"]({Path.GetFileName(page)})", Repository.Read(index), StringComparison.Ordinal);
            }
        );
    }

    // Links() finds links within a line.
    [Theory]
    [MemberData(nameof(Pages))]
    public void A_link_is_on_one_line(string page) =>
        Assert.Empty(LinkOnTwoLines().Matches(Fence().Replace(Repository.Read(page), "")).Select(link => link.Value));

    private static async Task<string> TellAsync(TestApi api, string path, string? token, string scheme = "Bearer")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {token}");
        using HttpResponseMessage response = await api.Client.SendAsync(request);

        string[] headers = ["WWW-Authenticate", "Retry-After"];
        return $"{(int)response.StatusCode} "
            + string.Join(
                ' ',
                response
                    .Headers.NonValidated.Where(header => headers.Contains(header.Key, StringComparer.Ordinal))
                    .Select(header => $"{header.Key}: {header.Value}")
            );
    }

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));

    internal static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    /// <summary>The fenced blocks of a language.</summary>
    internal static IEnumerable<string> Blocks(string page, string language) =>
        Fence()
            .Matches(Repository.Read(page).ReplaceLineEndings("\n"))
            .Where(match => match.Groups["language"].Value == language)
            .Select(match => match.Groups["code"].Value.TrimEnd());

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
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(property => prefix + property.Name);

    internal static PropertyInfo PropertyOf(Type type, string path)
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

    internal static string Describe(object? value) =>
        value switch
        {
            null => "not set",
            "" => "empty",
            bool flag => flag ? "`true`" : "`false`",
            TimeSpan time when time == TimeSpan.Zero => "0",
            TimeSpan time when time.TotalHours == 1 => "1 hour",
            TimeSpan time when time.TotalMinutes == 1 => "1 minute",
            TimeSpan time when time.TotalSeconds == 1 => "1 second",
            TimeSpan time when time < TimeSpan.FromSeconds(1) && time > TimeSpan.Zero => $"{time.TotalMilliseconds} milliseconds",
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

    internal static string DescribeType(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(int?) ? "whole number"
        : type == typeof(double) ? "number"
        : type == typeof(TimeSpan) || type == typeof(TimeSpan?) ? "time"
        : type == typeof(IList<string>) || type == typeof(IList<int>) ? "list"
        : type == typeof(IDictionary<string, string>) ? "map"
        : "text";

    private static string[] KnownKeys(string prefix)
    {
        var exception = Assert.Throws<OptionsValidationException>(() =>
            PageSettings.Read("test", PageSettings.Parse("{}", ($"{PageSettings.Section}:test:{prefix}Nonsense", "x")))
        );
        string fault = exception.Failures.Single(failure => failure.Contains("Nonsense is not a setting", StringComparison.Ordinal));
        return fault[(fault.IndexOf("Known settings are ", StringComparison.Ordinal) + 19)..].TrimEnd('.').Split(", ");
    }

    /// <summary>The anchors of a page's headings, as GitHub makes them.</summary>
    private static IEnumerable<string> Anchors(string page) =>
        Lines(Fence().Replace(Repository.Read(page).ReplaceLineEndings("\n"), ""))
            .Where(line => line.StartsWith('#'))
            .Select(line => NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(
        @"^ *```(?<language>\w*)\n(?<code>.*?)^ *```$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Fence();

    [GeneratedRegex(@"\[(?<text>[^\]\n]+)\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"\[[^\]\n]*\n[^\]]*\]\(", RegexOptions.None, 1000)]
    private static partial Regex LinkOnTwoLines();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]", RegexOptions.None, 1000)]
    private static partial Regex NotInAnchor();
}
