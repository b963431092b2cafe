using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Tests.Discovery;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.ClientAuthentication;

/// <summary>When the server refuses a certificate whose file has changed, the new one is shown at once, on connections of its own, over a real socket.</summary>
public sealed class CertificateRenewalTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("certificate-renewal");

    private string File => Path.Combine(_folder.FullName, "api.p12");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_certificate_that_has_changed_is_shown_at_once()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        string before = Write("before");
        await using DiscoveryApi api = await StartAsync(options => Use(options, server));
        Assert.Equal((200, 200), (await api.GetAsync("one"), await api.GetAsync("two")));

        string after = Write("after");
        server.IsAccepted = thumbprint => thumbprint == after;
        Assert.Equal((200, 200), (await api.GetAsync("three"), await api.GetAsync("four")));

        Assert.Equal([before, before, before, after, after], server.Calls.Select(call => call.Thumbprint));
        Assert.Equal((1, 0), (api.Signal.Count("CredentialsRenewed"), api.Signal.Count("CredentialsRefused")));
    }

    [Fact]
    public async Task A_certificate_that_has_not_changed_is_not_shown_twice()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        Write("before");
        await using DiscoveryApi api = await StartAsync(options => Use(options, server));
        Assert.Equal(200, await api.GetAsync("one"));

        server.IsAccepted = static _ => false;
        Assert.Equal((503, 503), (await api.GetAsync("two"), await api.GetAsync("three")));

        Assert.Equal(3, server.Calls.Count);
        Assert.Equal(1, api.Signal.Count("CredentialsRefused"));
    }

    [Fact]
    public async Task A_crowd_whose_certificate_has_changed_ends_well()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        Write("before");
        await using DiscoveryApi api = await StartAsync(options => Use(options, server));
        Assert.Equal(200, await api.GetAsync("one"));

        string after = Write("after");
        server.IsAccepted = thumbprint => thumbprint == after;
        int[] statuses = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => api.GetAsync($"token-{i}")));

        Assert.All(statuses, status => Assert.Equal(200, status));
    }

    [Fact]
    public async Task A_handler_of_which_the_application_has_one_only_keeps_its_connections()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        Write("before");
        using SocketsHttpHandler only = CreateHandler();
        await using DiscoveryApi api = await StartAsync(options => Use(options, server), () => only);
        Assert.Equal(200, await api.GetAsync("one"));

        string after = Write("after");
        server.IsAccepted = thumbprint => thumbprint == after;

        Assert.Equal(503, await api.GetAsync("two"));
        Assert.Equal(2, server.Calls.Count);
    }

    [Fact]
    public async Task With_a_token_by_client_credentials_both_endpoints_are_the_aliases_and_see_the_certificate()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        string thumbprint = Write("api");
        await using DiscoveryApi api = await StartAsync(options => UseToken(options, server));

        Assert.Equal((200, 200), (await api.GetAsync("one"), await api.GetAsync("two")));

        Assert.Equal(
            [("/mtls/token", thumbprint, "client_id=api&grant_type=client_credentials"), ("/mtls", thumbprint, "token_type_hint=access_token"), ("/mtls", thumbprint, "token_type_hint=access_token")],
            server.Calls);
    }

    [Fact]
    public async Task The_token_endpoint_is_shown_a_changed_certificate_at_once_too()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        Write("before");
        await using DiscoveryApi api = await StartAsync(options => UseToken(options, server));
        Assert.Equal(200, await api.GetAsync("one"));

        string after = Write("after");
        server.IsAccepted = thumbprint => thumbprint == after;
        Assert.Equal(200, await api.GetAsync("two"));

        Assert.Equal(["/mtls/token", "/mtls", "/mtls", "/mtls/token", "/mtls/token", "/mtls"], server.Calls.Select(call => call.Path));
        Assert.Equal(after, server.Calls.Last().Thumbprint);
    }

    [Fact]
    public async Task A_token_that_is_bound_to_a_certificate_stays_on_its_connections_when_the_file_changes()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        server.BindsTokens = true;
        Write("before");
        await using DiscoveryApi api = await StartAsync(options => UseToken(options, server));
        Assert.Equal(200, await api.GetAsync("one"));
        string after = Write("after");
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.OnCall = () =>
        {
            arrived.SetResult();
            return released.Task;
        };

        Task<int> onTheOldConnection = api.GetAsync("two");
        await arrived.Task;
        server.OnCall = null;
        Assert.Equal(200, await api.GetAsync("three")); // for which another connection is made
        released.SetResult();
        Assert.Equal(200, await onTheOldConnection);
        Assert.Equal((200, 200), (await api.GetAsync("four"), await api.GetAsync("five")));

        Assert.Equal([after, after, after], server.Calls.TakeLast(3).Select(call => call.Thumbprint));
        Assert.Equal((1, 0), (api.Signal.Count("CredentialsRenewed"), api.Signal.Count("CredentialsRefused")));
    }

    [Fact]
    public async Task An_application_that_cannot_make_another_handler_keeps_its_connections()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        Write("before");
        int handlers = 0;
        await using DiscoveryApi api = await StartAsync(options => Use(options, server), () => Interlocked.Increment(ref handlers) == 1 ? CreateHandler() : throw new TimeZoneNotFoundException());
        Assert.Equal(200, await api.GetAsync("one"));
        string after = Write("after");
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int calls = 0;
        server.OnCall = () =>
        {
            if (Interlocked.Increment(ref calls) == 5)
                arrived.SetResult();
            return released.Task;
        };

        Task<int>[] others = [.. Enumerable.Range(0, 5).Select(i => api.GetAsync($"token-{i}"))]; // one on the old connection
        await arrived.Task;
        released.SetResult();

        Assert.All(await Task.WhenAll(others), status => Assert.Equal(200, status));
        Assert.Equal(4, server.Calls.Count(call => call.Thumbprint == after));
        Assert.InRange(handlers, 2, 5); // those that are made at the same time may all have tried
        server.OnCall = null;
        int tried = handlers;
        Assert.All(await Task.WhenAll(Enumerable.Range(5, 15).Select(i => api.GetAsync($"token-{i}"))), status => Assert.Equal(200, status));
        Assert.Equal(tried, handlers);
    }

    private static Task<DiscoveryApi> StartAsync(Action<OAuthIntrospectionOptions> configure, Func<HttpMessageHandler>? primary = null) => DiscoveryApi.StartAsync(
        configure, services => services.AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName("OAuthIntrospection")).ConfigurePrimaryHttpMessageHandler(() => primary?.Invoke() ?? CreateHandler()));

    private static SocketsHttpHandler CreateHandler()
    {
        var primary = new SocketsHttpHandler();
#pragma warning disable CA5359 // the server of this test signs its own certificate
        primary.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        return primary;
    }

    private void Use(OAuthIntrospectionOptions options, CertificateServer server)
    {
        options.IntrospectionEndpoint = server.Url + "/introspect";
        options.ClientId = "api";
        options.ClientAuthenticationMethod = ClientAuthenticationMethod.TlsClientAuth;
        options.CertificatePath = File;
    }

    private void UseToken(OAuthIntrospectionOptions options, CertificateServer server)
    {
        options.Authority = server.Url;
        options.ClientId = "api";
        options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials;
        options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.TlsClientAuth;
        options.CertificatePath = File;
    }

    private string Write(string name)
    {
        using X509Certificate2 certificate = CertificateServer.CreateCertificate(name);
        System.IO.File.WriteAllBytes(File, certificate.Export(X509ContentType.Pkcs12));
        return certificate.Thumbprint;
    }
}
