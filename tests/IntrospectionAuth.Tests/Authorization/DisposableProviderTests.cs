using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Authorization;

/// <summary>A decorated policy provider of the application keeps its lifetime.</summary>
public sealed class DisposableProviderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_container_disposes_of_a_decorated_service(bool withUs)
    {
        bool isDisposed = false;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddScoped<IAuthorizationPolicyProvider>(_ => new OwnProvider(() => isDisposed = true));
        if (withUs)
            services.AddAuthentication().AddOAuthIntrospection(_ => { });
        await using ServiceProvider provider = services.BuildServiceProvider();

        await using (AsyncServiceScope scope = provider.CreateAsyncScope())
            _ = scope.ServiceProvider.GetRequiredService<IAuthorizationPolicyProvider>();

        Assert.True(isDisposed);
    }

    private sealed class OwnProvider(Action disposed) : IAuthorizationPolicyProvider, IDisposable
    {
        public void Dispose() => disposed();

        public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => throw new NotSupportedException();

        public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => throw new NotSupportedException();

        public Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) => throw new NotSupportedException();
    }
}
