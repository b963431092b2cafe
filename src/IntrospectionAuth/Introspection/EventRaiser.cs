using IntrospectionAuth.ClientAuthentication;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Introspection;

/// <summary>Raises the events of a call, which belongs to no request.</summary>
internal sealed class EventRaiser(IServiceScopeFactory scopes, ApplicationCode application)
{
    /// <returns>Whether the event was raised: see <see cref="ApplicationCode"/>.</returns>
    public Task<bool> RaiseAsync(ClientAuthenticationContext request, Func<OAuthIntrospectionEvents, Task> raise) =>
        application.RunAsync(request, () => RaiseAsync(request.Options, raise));

    private async Task RaiseAsync(OAuthIntrospectionOptions options, Func<OAuthIntrospectionEvents, Task> raise)
    {
        if (options.EventsType is null)
        {
            await raise(options.Events);
            return;
        }

        // Events from the container get a scope of their own.
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        await raise(options.EventsIn(scope.ServiceProvider));
    }
}
