using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Tests.Claims;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Certificates;

/// <summary>
/// When the server refuses a certificate whose file has changed, the new one is presented at once, on new connections, over a real socket.
/// </summary>
public sealed class CertificateRenewalTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("certificate-renewal");

    private string File => Path.Combine(_folder.FullName, "api.p12");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_changed_certificate_is_presented_at_once()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        string before = Write("before");
        await using DiscoveryApi api = await StartAsync(server);
        Assert.Equal((200, 200), (await api.GetAsync("one"), await api.GetAsync("two")));

        string after = Replace(server);
        Assert.Equal((200, 200), (await api.GetAsync("three"), await api.GetAsync("four")));

        Assert.Equal([before, before, before, after, after], server.Calls.Select(call => call.Thumbprint));
        Assert.Equal((1, 0), (api.Signal.Count("CredentialsRenewed"), api.Signal.Count("CredentialsRefused")));
    }

    [Fact]
    public async Task A_certificate_that_changes_during_the_first_call_is_presented_at_once()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        string before = Write("before");
        string? after = null;
        server.OnCall = () =>
        {
            after ??= Replace(server);
            return Task.CompletedTask;
        };
        await using DiscoveryApi api = await StartAsync(server);

        Assert.Equal(200, await api.GetAsync("one"));

        Assert.Equal([before, after], server.Calls.Select(call => call.Thumbprint));
    }

    [Fact]
    public async Task An_unchanged_certificate_is_not_presented_twice()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        Write("before");
        await using DiscoveryApi api = await StartAsync(server);
        Assert.Equal(200, await api.GetAsync("one"));

        server.IsAccepted = static _ => false;
        Assert.Equal((503, 503), (await api.GetAsync("two"), await api.GetAsync("three")));

        Assert.Equal(3, server.Calls.Count);
        Assert.Equal(1, api.Signal.Count("CredentialsRefused"));
    }

    [Fact]
    public async Task Concurrent_calls_succeed_while_the_certificate_changes()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        Write("before");
        await using DiscoveryApi api = await StartAsync(server);
        Assert.Equal(200, await api.GetAsync("one"));

        string after = Replace(server);
        int[] statuses = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => api.GetAsync($"token-{i}")));

        Assert.All(statuses, status => Assert.Equal(200, status));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_that_could_not_be_created_at_first_presents_the_certificate(bool isToken)
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        string thumbprint = Write("api");
        bool fails = true;
        await using DiscoveryApi api = await StartAsync(
            server,
            isToken ? UseToken : Use,
            primary: () => fails ? throw new IOException("The vault is not reachable.") : CreateHandler()
        );

        Assert.Equal(503, await api.GetAsync("one"));
        fails = false;
        api.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(200, await api.GetAsync("two"));
        Assert.All(server.Calls, call => Assert.Equal(thumbprint, call.Thumbprint));
        Assert.Equal(isToken ? 2 : 1, server.Calls.Count);
    }

    [Fact]
    public async Task A_single_application_handler_serves_for_every_certificate()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        string before = Write("before");
        int made = 0,
            connected = 0;
        using SocketsHttpHandler only = CreateHandler();
        only.ConnectCallback = async (context, cancellationToken) =>
        {
            Interlocked.Increment(ref connected);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        };
        await using DiscoveryApi api = await StartAsync(
            server,
            primary: () => Interlocked.Increment(ref made) == 1 ? only : throw new TimeZoneNotFoundException()
        );
        Assert.Equal(200, await api.GetAsync("one"));

        string after = Replace(server);
        Assert.Equal(200, await api.GetAsync("two"));

        Assert.Equal([before, before, after], server.Calls.Select(call => call.Thumbprint));
        Assert.Equal((1, 2), (made, connected));
    }

    [Fact]
    public async Task In_flight_calls_finish_on_their_connections_while_later_calls_present_the_new_certificate()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        string before = Write("before");
        await using DiscoveryApi api = await StartAsync(server);
        Assert.Equal(200, await api.GetAsync("one"));
        var gate = new Gate();
        server.OnCall = gate.WaitAsync;
        Task<int> inFlight = api.GetAsync("two");
        await gate.Arrived;
        server.OnCall = null;

        string after = Write("after");
        api.Time.Advance(TimeSpan.FromSeconds(4)); // the timeout of the call in flight is 5 seconds
        Assert.Equal(200, await api.GetAsync("three"));
        api.Time.Advance(TimeSpan.FromSeconds(0.9));
        gate.Release();
        Assert.Equal(200, await inFlight);
        api.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal((200, 200), (await api.GetAsync("four"), await api.GetAsync("five")));

        Assert.Equal([before, before, before, after, after], server.Calls.Select(call => call.Thumbprint));
    }

    [UnixFact]
    public async Task A_file_on_a_disk_that_hangs_stalls_no_call_while_there_is_a_certificate()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        string before = Write("before");
        await using DiscoveryApi api = await StartAsync(server);
        Assert.Equal(200, await api.GetAsync("one"));
        string after = Write("after", out byte[] content);
        using HangingFile hanging = HangingFile.Replace(File);

        api.Time.Advance(TimeSpan.FromSeconds(5));
        Task<int> reader = api.GetAsync("two");
        await hanging.IsReadAsync();
        int[] others = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => api.GetAsync($"token-{i}"))); // these open more connections
        hanging.Write(content);

        Assert.All([await reader, .. others], status => Assert.Equal(200, status));
        Assert.All(server.Calls.SkipLast(1), call => Assert.Equal(before, call.Thumbprint));
        Assert.Equal(after, server.Calls.Last().Thumbprint);
    }

    [Fact]
    public async Task With_client_credentials_both_endpoints_are_the_mtls_aliases_and_receive_the_certificate()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        string thumbprint = Write("api");
        await using DiscoveryApi api = await StartAsync(server, UseToken);

        Assert.Equal((200, 200), (await api.GetAsync("one"), await api.GetAsync("two")));

        Assert.Equal(
            [
                ("/mtls/token", thumbprint, "client_id=api&grant_type=client_credentials"),
                ("/mtls", thumbprint, "token_type_hint=access_token"),
                ("/mtls", thumbprint, "token_type_hint=access_token"),
            ],
            server.Calls
        );
    }

    [Fact]
    public async Task The_token_endpoint_receives_a_changed_certificate_at_once_too()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        Write("before");
        await using DiscoveryApi api = await StartAsync(server, UseToken);
        Assert.Equal(200, await api.GetAsync("one"));

        string after = Replace(server);
        Assert.Equal(200, await api.GetAsync("two"));

        Assert.Equal(["/mtls/token", "/mtls", "/mtls", "/mtls/token", "/mtls/token", "/mtls"], server.Calls.Select(call => call.Path));
        Assert.Equal(after, server.Calls.Last().Thumbprint);
    }

    [Fact]
    public async Task A_certificate_bound_token_stays_on_its_connections_when_the_file_changes()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        server.BindsTokens = true;
        Write("before");
        await using DiscoveryApi api = await StartAsync(
            server,
            (options, url) =>
            {
                UseToken(options, url);
                options.Timeout = TimeSpan.FromSeconds(30);
            }
        );
        Assert.Equal(200, await api.GetAsync("one"));
        string after = Write("after");
        var gate = new Gate();
        server.OnCall = gate.WaitAsync;

        Task<int> onTheOldConnection = api.GetAsync("two");
        await gate.Arrived;
        server.OnCall = null;
        api.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(200, await api.GetAsync("three")); // this opens another connection
        gate.Release();
        Assert.Equal(200, await onTheOldConnection);
        Assert.Equal((200, 200), (await api.GetAsync("four"), await api.GetAsync("five")));

        Assert.Equal([after, after, after], server.Calls.TakeLast(3).Select(call => call.Thumbprint));
        Assert.Equal((1, 0), (api.Signal.Count("CredentialsRenewed"), api.Signal.Count("CredentialsRefused")));
    }

    private Task<DiscoveryApi> StartAsync(
        CertificateServer server,
        Action<OAuthIntrospectionOptions, string>? configure = null,
        Func<HttpMessageHandler>? primary = null
    ) =>
        DiscoveryApi.StartAsync(
            options =>
            {
                options.ClientId = "api";
                options.CertificatePath = File;
                (configure ?? Use)(options, server.Url);
            },
            services =>
                services
                    .AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName("OAuthIntrospection"))
                    .ConfigurePrimaryHttpMessageHandler(() => primary?.Invoke() ?? CreateHandler())
        );

    private static SocketsHttpHandler CreateHandler()
    {
        var primary = new SocketsHttpHandler();
#pragma warning disable CA5359 // the server of this test signs its own certificate
        primary.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        return primary;
    }

    private static void Use(OAuthIntrospectionOptions options, string url)
    {
        options.IntrospectionEndpoint = url + "/introspect";
        options.ClientAuthenticationMethod = ClientAuthenticationMethod.TlsClientAuth;
    }

    private static void UseToken(OAuthIntrospectionOptions options, string url)
    {
        options.Authority = url;
        options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials;
        options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.TlsClientAuth;
    }

    /// <summary>Writes a new certificate, the only one that the server accepts from now on.</summary>
    private string Replace(CertificateServer server)
    {
        string after = Write("after");
        server.IsAccepted = thumbprint => thumbprint == after;
        return after;
    }

    private string Write(string name) => Write(name, out _);

    private string Write(string name, out byte[] content)
    {
        using X509Certificate2 certificate = CertificateServer.CreateCertificate(name);
        content = certificate.Export(X509ContentType.Pkcs12);
        System.IO.File.WriteAllBytes(File, content);
        return certificate.Thumbprint;
    }
}
