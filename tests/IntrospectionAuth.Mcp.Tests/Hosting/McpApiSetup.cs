using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Mcp.Tests.Hosting;

/// <summary>How a server is set up, as its README says unless a test changes it.</summary>
internal sealed class McpApiSetup
{
    /// <summary>The authorization server.</summary>
    public Action<FakeAuthorizationServerOptions> AuthorizationServer { get; init; } = static _ => { };

    /// <summary>Settings of the scheme, by configuration key.</summary>
    public Dictionary<string, string?> Settings { get; init; } = [];

    /// <summary>What a test changes in the options.</summary>
    public Action<OAuthIntrospectionOptions> Configure { get; init; } = static _ => { };

    public Action<IServiceCollection> Authentication { get; init; } =
        static services => services.AddAuthentication().AddOAuthIntrospection(Protect);

    public Action<IMcpServerBuilder> Server { get; init; } =
        static server => AddPrimitives(server.WithHttpTransport()).AddToolAuthorization();

    public Action<WebApplication> Endpoints { get; init; } =
        static app =>
        {
            app.MapMcp("/mcp").RequireAuthorization("scope:notes:read").RequireToolAuthorization();
            app.MapProtectedResourceMetadata();
        };

    public static IMcpServerBuilder AddPrimitives(IMcpServerBuilder server) =>
        server.WithTools<NoteTools>().WithPrompts<NotePrompts>().WithResources<NoteResources>();

    public static void Protect(OAuthIntrospectionOptions options)
    {
        options.Resource = McpApi.Resource;
        options.Audiences.Add(McpApi.Resource);
        options.ResourceMetadata.AuthorizationServers.Add("https://auth.example.com");
        options.ResourceMetadata.ScopesSupported.Add("notes:read");
        options.Cache.MaximumAge = TimeSpan.Zero; // so that a revoked token is rejected at once
        options.RoleClaimType = "roles";
    }
}
