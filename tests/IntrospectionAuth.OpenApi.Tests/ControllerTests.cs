using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.OpenApi.Tests;

/// <summary>Actions of controllers, whose demands come from attributes, conventions and filters.</summary>
public sealed class ControllerTests
{
    private const string Own = DocumentedApi.Scheme;

    [Theory]
    [InlineData("/items", """[{"OAuthIntrospection":["read"]}]""")]
    [InlineData("/items/write", """[{"OAuthIntrospection":["read","write"]}]""")]
    [InlineData("/items/open", null)]
    public async Task Attributes_of_controllers_and_actions_count(string path, string? security)
    {
        await using DocumentedApi api = await StartAsync(static app => app.MapControllers());

        Assert.Equal(security, await GetSecurityAsync(api, path));
    }

    [Fact]
    public async Task A_convention_of_all_controllers_counts()
    {
        await using DocumentedApi api = await StartAsync(static app => app.MapControllers().RequireScope("all"));

        Assert.Equal("""[{"OAuthIntrospection":["all"]}]""", await GetSecurityAsync(api, "/plain"));
        Assert.Null(await GetSecurityAsync(api, "/items/open"));
    }

    [Fact]
    public async Task A_global_filter_counts_unless_the_action_allows_anonymous_callers()
    {
        await using DocumentedApi api = await StartAsync(
            static app => app.MapControllers(),
            static options => options.Filters.Add(new AuthorizeFilter(new AuthorizationPolicyBuilder(Own).RequireScope("all").Build()))
        );

        Assert.Equal("""[{"OAuthIntrospection":["all"]}]""", await GetSecurityAsync(api, "/plain"));
        Assert.Null(await GetSecurityAsync(api, "/items/open"));
    }

    [Fact]
    public async Task A_global_filter_that_allows_anonymous_callers_counts()
    {
        await using DocumentedApi api = await StartAsync(
            static app => app.MapControllers(),
            static options => options.Filters.Add(new AllowAnonymousFilter())
        );

        Assert.Null(await GetSecurityAsync(api, "/items"));
    }

    private static async Task<string?> GetSecurityAsync(DocumentedApi api, string path) =>
        (await api.GetOperationAsync(path))["security"]?.ToJsonString();

    private static Task<DocumentedApi> StartAsync(Action<WebApplication> endpoints, Action<MvcOptions>? mvc = null) =>
        DocumentedApi.StartAsync(
            endpoints,
            services: services =>
                services
                    .AddControllers(options => mvc?.Invoke(options))
                    .ConfigureApplicationPartManager(static parts => parts.ApplicationParts.Add(new Controllers()))
        );

    private sealed class Controllers : ApplicationPart, IApplicationPartTypeProvider
    {
        public override string Name => "Controllers";

        public IEnumerable<TypeInfo> Types => [typeof(ItemsController).GetTypeInfo(), typeof(PlainController).GetTypeInfo()];
    }
}

/// <summary>A controller with a scope of its own.</summary>
[ApiController]
[Route("items")]
[RequireScope("read")]
public sealed class ItemsController : ControllerBase
{
    /// <summary>An action without attributes.</summary>
    [HttpGet]
    public IActionResult Get() => Ok();

    /// <summary>An action with another scope.</summary>
    [HttpGet("write")]
    [RequireScope("write")]
    public IActionResult Write() => Ok();

    /// <summary>An action for every caller.</summary>
    [HttpGet("open")]
    [AllowAnonymous]
    public IActionResult Open() => Ok();
}

/// <summary>A controller without attributes of authorization.</summary>
[ApiController]
[Route("plain")]
public sealed class PlainController : ControllerBase
{
    /// <summary>An action without attributes.</summary>
    [HttpGet]
    public IActionResult Get() => Ok();
}
