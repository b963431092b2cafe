using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Certificates;

namespace IntrospectionAuth.Tests.Certificates;

/// <summary>The handler that presents the current certificate serves synchronous requests too, and ends its connections.</summary>
public sealed class ClientCertificateHandlerTests
{
    [Fact]
    public async Task A_synchronous_request_presents_the_certificate_too()
    {
        await using CertificateServer server = await CertificateServer.StartAsync();
        using X509Certificate2 certificate = CertificateServer.CreateCertificate("api");
        using var presented = new PresentedCertificate(certificate, others: null);
        using var template = new SocketsHttpHandler();
#pragma warning disable CA5359 // the server of this test signs its own certificate
        template.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        using var invoker = new HttpMessageInvoker(new ClientCertificateHandler(template, FindAsync));
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url + "/introspect");
        request.Content = new FormUrlEncodedContent([KeyValuePair.Create("token", "opaque-4711")]);

        using HttpResponseMessage response = await Task.Run(() => invoker.Send(request, CancellationToken.None));

        Assert.Equal([certificate.Thumbprint], server.Calls.Select(call => call.Thumbprint));

        async ValueTask<PresentedCertificate?> FindAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            return presented;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_connection_is_opened_after_it_is_disposed(bool presentsCertificate)
    {
        using X509Certificate2 certificate = CertificateServer.CreateCertificate("api");
        using var presented = new PresentedCertificate(certificate, others: null);
        int connected = 0;
        using var template = new SocketsHttpHandler();
        template.ConnectCallback = (_, _) =>
        {
            connected++;
            throw new SocketException();
        };
        var handler = new ClientCertificateHandler(template, _ => new(presentsCertificate ? presented : null));
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        await Assert.ThrowsAsync<HttpRequestException>(SendAsync);

        handler.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(SendAsync);
        Assert.Equal(1, connected);

        async Task SendAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "https://auth.example.com");
            using HttpResponseMessage response = await invoker.SendAsync(request, CancellationToken.None);
        }
    }
}
