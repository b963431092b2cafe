using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IntrospectionAuth.Testing.Hosting;

/// <summary>
/// Prevents the start of an application under test whose scheme has another name than the test says, so that its calls, with its secret,
/// would go to the real server.
/// </summary>
/// <remarks>A scheme may be added later. So it is no fault if all that there are have a fake.</remarks>
internal sealed class FakedSchemesCheck(IServiceProvider services, IEnumerable<FakedScheme> faked) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        IEnumerable<AuthenticationScheme> schemes = services.GetService<IAuthenticationSchemeProvider>() is { } provider
            ? await provider.GetAllSchemesAsync()
            : [];
        string[] names = [.. schemes.Where(IsIntrospection).Select(static scheme => scheme.Name)],
            fakes = [.. faked.Select(static it => it.Name)],
            real = [.. names.Except(fakes, StringComparer.Ordinal)];
        if (real.Length == 0 || fakes.FirstOrDefault(fake => !names.Contains(fake, StringComparer.Ordinal)) is not { } unknown)
            return;

        throw new InvalidOperationException(
            $"UseFakeAuthorizationServer: there is no introspection scheme \"{unknown}\", and the calls of {string.Join(", ", real)} would "
                + $"go to the real server. Name the scheme: UseFakeAuthorizationServer(server, \"{real[0]}\")."
        );
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool IsIntrospection(AuthenticationScheme scheme) =>
        scheme.HandlerType.IsSubclassOf(typeof(AuthenticationHandler<OAuthIntrospectionOptions>));
}
