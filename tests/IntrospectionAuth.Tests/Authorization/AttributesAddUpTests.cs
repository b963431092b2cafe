using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Notifications;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.AspNetCore.Razor.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Authorization;

/// <summary>A derived class, an override or an endpoint of a group may require more than it inherits, never less.</summary>
public sealed class AttributesAddUpTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;

    public AttributesAddUpTests() => _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/lenient/plain")]
    [InlineData("/lenient/fresh")]
    [InlineData("/virtual/fresh")]
    [InlineData("/group/fresh")]
    [InlineData("/twice/fresh")]
    [InlineData("/conventions/filtered/lenient")]
    [InlineData("/LenientPage")]
    public async Task A_higher_maximum_age_does_not_weaken_a_lower_one(string path)
    {
        await using TestApi api = await StartAsync();
        string token = Issue("gold", secondsAgo: 0, "a b");
        await api.AssertStatusAsync(path, token, HttpStatusCode.OK);
        _server.Revoke(token);

        await api.AssertStatusAsync("/me", token, HttpStatusCode.OK); // from the cache
        await api.AssertStatusAsync(path, token, HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/lenient/acr", "silver", true)]
    [InlineData("/lenient/acr", "gold", false)]
    [InlineData("/lenient/acr", "bronze", false)]
    [InlineData("/virtual/acr", "gold", true)]
    [InlineData("/virtual/acr", "silver", false)]
    [InlineData("/LenientPage", "gold", true)]
    [InlineData("/LenientPage", "silver", false)]
    public async Task The_method_of_authentication_must_meet_every_attribute(string path, string acr, bool isOpen)
    {
        await using TestApi api = await StartAsync();

        await api.AssertStatusAsync(path, Issue(acr, 0, "a b"), isOpen ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/lenient/recent", 60, true)]
    [InlineData("/lenient/recent", 61, false)]
    [InlineData("/virtual/recent", 60, true)]
    [InlineData("/virtual/recent", 61, false)]
    public async Task The_shortest_maximum_time_since_authentication_counts(string path, int secondsAgo, bool isOpen)
    {
        await using TestApi api = await StartAsync();

        await api.AssertStatusAsync(path, Issue("gold", secondsAgo, "a b"), isOpen ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/lenient/scope", "a b", true)]
    [InlineData("/lenient/scope", "a", false)]
    [InlineData("/lenient/scope", "b", false)]
    [InlineData("/virtual/scope", "a b", true)]
    [InlineData("/virtual/scope", "b", false)]
    public async Task All_scopes_are_needed(string path, string scopes, bool isOpen)
    {
        await using TestApi api = await StartAsync();

        await api.AssertStatusAsync(path, Issue("gold", 0, scopes), isOpen ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("/lenient/acr", "acr_values=\"silver\"")] // the one value that meets every attribute
    [InlineData("/lenient/recent", "max_age=\"60\"")]
    [InlineData("/opposed", "acr_values=\"gold silver\"")] // no value meets both: a server whose acr is an array has to name the two
    public async Task The_challenge_combines_the_requirements_of_all_attributes(string path, string parameters)
    {
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await api.GetAsync(path, Issue("none", 10_000, "a b"));

        Assert.EndsWith(", " + parameters, response.Challenges(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_with_several_acr_values_meets_requirements_for_each_of_them()
    {
        await using TestApi api = await StartAsync();
        string[] both = ["silver", "gold"];
        string token = _server.IssueToken(it => it.Members["acr"] = both);

        await api.AssertStatusAsync("/opposed", token, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_higher_maximum_age_of_an_action_does_not_weaken_that_of_a_global_filter()
    {
        await using TestApi api = await StartAsync(filter: new AuthorizeFilter([new RequireFreshTokenAttribute(0)]));

        // The handler does not know the filter's requirement when it authenticates, so no request can meet it.
        await api.AssertStatusAsync("/filtered/lenient", Issue("gold", 0, "a b"), HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_higher_maximum_age_of_a_derived_hub_does_not_weaken_that_of_its_base()
    {
        await using KestrelApi api = await StartHubAsync();
        string token = Issue("gold", 0, "a b");
        using (HttpResponseMessage connected = await NegotiateAsync(api, token))
            Assert.Equal(HttpStatusCode.OK, connected.StatusCode);
        _server.Revoke(token);

        using HttpResponseMessage cached = await api.SendAsync(HttpMethod.Get, "/me", authorization: "Bearer " + token);
        using HttpResponseMessage refused = await NegotiateAsync(api, token);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (cached.StatusCode, refused.StatusCode));
    }

    [Theory]
    [InlineData("Acr", "gold", 0, "a b", true)]
    [InlineData("Acr", "silver", 0, "a b", false)]
    [InlineData("Recent", "gold", 50, "a b", true)]
    [InlineData("Recent", "gold", 600, "a b", false)]
    [InlineData("Scope", "gold", 0, "a b", true)]
    [InlineData("Scope", "gold", 0, "b", false)]
    public async Task An_overridden_hub_method_requires_what_its_base_method_requires(
        string method,
        string acr,
        int secondsAgo,
        string scopes,
        bool isOpen
    )
    {
        await using KestrelApi api = await StartHubAsync();
        using HubConnection connection = await HubConnection.ConnectAsync(
            api.Client.BaseAddress!,
            "access_token=" + Issue(acr, secondsAgo, scopes)
        );

        await connection.InvokeAsync(method);

        Assert.Equal(isOpen, (await connection.ReceiveAsync())!["error"] is null);
    }

    private string Issue(string acr, int secondsAgo, string scopes) =>
        _server.IssueToken(it =>
        {
            it.Scopes = scopes.Split(' ');
            it.Members["acr"] = acr;
            it.Members["auth_time"] = _time.GetUtcNow().AddSeconds(-secondsAgo).ToUnixTimeSeconds();
        });

    private static Task<HttpResponseMessage> NegotiateAsync(KestrelApi api, string token) =>
        api.SendAsync(HttpMethod.Post, "/hubs/notifications/negotiate?negotiateVersion=1", authorization: "Bearer " + token);

    private Task<TestApi> StartAsync(AuthorizeFilter? filter = null) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(_ => { });
                    services.AddRazorPages().ConfigureApplicationPartManager(static parts => parts.ApplicationParts.Add(new Pages()));
                    services
                        .AddControllers(mvc =>
                        {
                            if (filter is not null)
                                mvc.Filters.Add(filter);
                        })
                        .AddApplicationPart(typeof(LenientController).Assembly);
                },
                Endpoints = Map,
                Time = _time,
            }
        );

    private Task<KestrelApi> StartHubAsync() =>
        KestrelApi.StartAsync(
            services =>
            {
                services.AddSingleton<TimeProvider>(_time);
                services.AddAuthentication().AddOAuthIntrospection(options => options.TokenRetrieval.QueryPaths.Add("/hubs"));
                services.UseFakeAuthorizationServer(_server);
                services.AddSignalR();
            },
            app => app.MapHub<LenientHub>("/hubs/notifications")
        );

    private static void Map(WebApplication app)
    {
        Strict handlers = new Lenient();
        app.MapGet("/virtual/fresh", handlers.Fresh);
        app.MapGet("/virtual/acr", handlers.Acr);
        app.MapGet("/virtual/recent", handlers.Recent);
        app.MapGet("/virtual/scope", handlers.Scope);
        app.MapGroup("/group").RequireFreshToken(TimeSpan.Zero).MapGet("/fresh", [RequireFreshToken(3600)] () => "");
        app.MapGet("/twice/fresh", [RequireFreshToken(3600)] () => "")
            .RequireFreshToken(TimeSpan.Zero)
            .RequireFreshToken(TimeSpan.FromHours(1));
        app.MapGet("/opposed", [RequireAcr("gold"), RequireAcr("silver")] () => "");
        app.MapGroup("/conventions").RequireFreshToken(TimeSpan.Zero).MapControllers();
        app.MapControllers();
        app.MapRazorPages();
    }

    private abstract class Strict
    {
        [RequireFreshToken(0)]
        public abstract string Fresh();

        [RequireAcr("gold")]
        public abstract string Acr();

        [RequireRecentAuthentication(60)]
        public abstract string Recent();

        [RequireScope("a")]
        public abstract string Scope();
    }

    private sealed class Lenient : Strict
    {
        [RequireFreshToken(3600)]
        public override string Fresh() => "fresh";

        [RequireAcr("gold", "silver")]
        public override string Acr() => "acr";

        [RequireRecentAuthentication(3600)]
        public override string Recent() => "recent";

        [RequireScope("b")]
        public override string Scope() => "scope";
    }

    /// <summary>The application part of a project with compiled pages.</summary>
    private sealed class Pages : ApplicationPart, IRazorCompiledItemProvider
    {
        public override string Name => "Pages";

        public IEnumerable<RazorCompiledItem> CompiledItems => [new CompiledPage()];
    }

    private sealed class CompiledPage : RazorCompiledItem
    {
        public override string Identifier => "/Pages/LenientPage.cshtml";

        public override string Kind => "mvc.1.0.razor-page";

        public override IReadOnlyList<object> Metadata => [];

        public override Type Type => typeof(LenientPage);
    }
}
