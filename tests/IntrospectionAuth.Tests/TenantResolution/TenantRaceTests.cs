using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.TenantResolution;

public sealed class TenantRaceTests
{
    private const string Token = "the-same-token-4711";

    [Fact]
    public async Task A_request_that_finds_a_tenant_resolved_meanwhile_does_not_resolve_it_again()
    {
        using var monitor = new HeldMonitor();
        await using TenantApi api = await TenantApi.StartAsync(services: services =>
            services
                .AddHttpContextAccessor()
                .AddSingleton<IOptionsMonitor<OAuthIntrospectionOptions>>(provider =>
                    monitor.Over(
                        ActivatorUtilities.CreateInstance<OptionsMonitor<OAuthIntrospectionOptions>>(provider),
                        provider.GetRequiredService<IHttpContextAccessor>()
                    )
                )
        );
        var begun = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        api.OnResolving = async (_, _) =>
        {
            begun.TrySetResult();
            await gate.Task;
        };
        api.Issue("acme", Token, "alice");
        Task<string> first = api.GetAsync("acme", Token);
        await begun.Task;

        // The second request has looked for the tenant and not found it. Before it joins the resolution, that ends.
        Task<string> second = api.GetAsync("acme", Token, "?held");
        await monitor.Held.Task;
        gate.SetResult();
        Assert.Equal("200 alice", await first);
        monitor.Release.Set();

        Assert.Equal("200 alice", await second);
        Assert.Equal(["acme"], api.Resolved);
    }

    /// <summary>
    /// Holds a request with <c>?held</c> where it reads the options of the scheme for the second time: the handler reads them first.
    /// </summary>
    private sealed class HeldMonitor : IOptionsMonitor<OAuthIntrospectionOptions>, IDisposable
    {
        private IOptionsMonitor<OAuthIntrospectionOptions> _inner = null!;
        private IHttpContextAccessor _request = null!;
        private int _uses;

        public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim Release { get; } = new();

        public OAuthIntrospectionOptions CurrentValue => _inner.CurrentValue;

        public HeldMonitor Over(IOptionsMonitor<OAuthIntrospectionOptions> inner, IHttpContextAccessor request)
        {
            (_inner, _request) = (inner, request);
            return this;
        }

        public OAuthIntrospectionOptions Get(string? name)
        {
            if (_request.HttpContext?.Request.QueryString.Value == "?held" && ++_uses == 2)
            {
                Held.SetResult();
                Release.Wait(TestContext.Current.CancellationToken);
            }

            return _inner.Get(name);
        }

        public IDisposable? OnChange(Action<OAuthIntrospectionOptions, string?> listener) => _inner.OnChange(listener);

        public void Dispose() => Release.Dispose();
    }
}
