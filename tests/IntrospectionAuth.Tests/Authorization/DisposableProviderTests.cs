using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Moq;

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
        var own = new Mock<IAuthorizationPolicyProvider>(MockBehavior.Strict);
        own.As<IDisposable>().Setup(provider => provider.Dispose()).Callback(() => isDisposed = true);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddScoped(_ => own.Object);
        if (withUs)
            services.AddAuthentication().AddOAuthIntrospection(_ => { });
        await using ServiceProvider provider = services.BuildServiceProvider();

        await using (AsyncServiceScope scope = provider.CreateAsyncScope())
            _ = scope.ServiceProvider.GetRequiredService<IAuthorizationPolicyProvider>();

        Assert.True(isDisposed);
    }
}
