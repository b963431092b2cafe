using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>The library's services, whose HTTP clients get the keys of <see cref="JoseInput"/> from every URL, without a network.</summary>
internal sealed class FixedKeys : HttpMessageHandler, IHttpClientFactory
{
    public const string Scheme = "fuzz";
    public const string Issuer = "https://as.example";
    public const string ClientId = "api";

    public static readonly Uri Url = new("https://as.example/jwks");

    private FixedKeys() { }

    public static OAuthIntrospectionOptions Options { get; } =
        new()
        {
            Authority = Issuer,
            ClientId = ClientId,
            RequireSignedResponse = true,
            TimeProvider = new FixedTime(),
        };

    public static IServiceProvider Services { get; } = CreateServices();

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(JoseInput.KeySet) });

    private static ServiceProvider CreateServices()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        OAuthIntrospectionExtensions.AddIntrospection(services);
        services.AddSingleton<IHttpClientFactory>(new FixedKeys()); // the last registration counts
        return services.BuildServiceProvider();
    }
}
