using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>The options that a scheme with tenants uses before there is a tenant, or without one: nothing else validates them.</summary>
public sealed class SchemeOfTenantsTests
{
    [Theory]
    [InlineData("hubs", null, null, "TokenRetrieval.QueryPaths has a value that is not a path.")]
    [InlineData("", null, null, "TokenRetrieval.QueryPaths has an empty value.")]
    [InlineData(null, "api", null, "Resource is not an absolute https URL.")]
    [InlineData(null, null, typeof(string), "EventsType is String, which does not derive from OAuthIntrospectionEvents.")]
    public void A_fault_that_no_request_survives_is_found_at_startup(string? queryPath, string? resource, Type? events, string fault)
    {
        var exception = Assert.Throws<OptionsValidationException>(() =>
            Read(options =>
            {
                if (queryPath is not null)
                    options.TokenRetrieval.QueryPaths.Add(queryPath);
                options.Resource = resource;
                options.EventsType = events;
            })
        );

        Assert.Contains(fault, exception.Message, StringComparison.Ordinal);
        Assert.Single(exception.Failures);
    }

    [Fact]
    public void What_each_tenant_completes_may_be_incomplete()
    {
        OAuthIntrospectionOptions options = Read(static options =>
        {
            options.TokenRetrieval.QueryPaths.Add("/hubs");
            options.TokenFilter.Mismatch = TokenFilterMismatch.Ignore;
            options.ResourceMetadata.ResourceName = "Orders"; // each tenant has its own Resource
            options.EventsType = typeof(OAuthIntrospectionEvents);
        });

        Assert.Null(options.Resource);
    }

    private static OAuthIntrospectionOptions Read(Action<OAuthIntrospectionOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddScoped<OAuthIntrospectionEvents>();
        services
            .AddAuthentication()
            .AddOAuthIntrospection(options =>
            {
                options.ResolveTenant = static _ => new("acme");
                options.ConfigureTenant = static (_, _) => new(true);
                configure(options);
            });
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider
            .GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>()
            .Get(OAuthIntrospectionDefaults.AuthenticationScheme);
    }
}
