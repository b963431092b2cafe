using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Interop.Faults;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.Outages;

/// <summary>Outages that begin before the first byte of HTTP.</summary>
public sealed class UnreachableHostTests(ITestOutputHelper output)
{
    [LinuxFact]
    public async Task An_untrusted_certificate_is_an_outage_until_a_trusted_one_replaces_it()
    {
        string file = Path.GetTempFileName();
        try
        {
            using X509Certificate2 trusted = TestCertificate.Create();
            using X509Certificate2 other = TestCertificate.Create();
            await File.WriteAllTextAsync(file, trusted.ExportCertificatePem());
            await using KestrelServer server = await KestrelServer.StartAsync(
                context =>
                {
                    context.Response.Headers.Connection = "close";
                    return context.Response.WriteJsonAsync(OutageApi.Active);
                },
                trusted
            );
            await using SampleApi api = await StartAsync(server.Url, new(StringComparer.Ordinal) { ["SSL_CERT_FILE"] = file });
            await api.WarmUpAsync("kept");
            int calls = server.CallCount;
            var day = new Outage(api, () => server.CallCount);

            server.Certificate = other;
            TimeSpan first = await day.FirstRequestFailsAsync();
            TimeSpan further = await day.WaitForBackOffAsync();
            await day.AssertCachedResponsesServeAsync();
            Assert.Equal(calls, server.CallCount);

            server.Certificate = trusted;
            TimeSpan recovery = await day.RecoverAsync("token");
            output.WriteLine(
                $"TLS: first {first.TotalMilliseconds:F0} ms, further at most {further.TotalMilliseconds:F1} ms, "
                    + $"recovery {recovery.TotalMilliseconds:F0} ms"
            );
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_host_that_does_not_resolve_is_an_outage()
    {
        // The pause is longer than the test, so no call probes the server.
        await using SampleApi api = await StartAsync("https://authorization-server.invalid", pause: "60");
        var day = new Outage(api, () => 0);

        TimeSpan first = await day.FirstRequestFailsAsync();
        TimeSpan further = await day.WaitForBackOffAsync();

        output.WriteLine($"DNS: first {first.TotalMilliseconds:F0} ms, further at most {further.TotalMilliseconds:F1} ms");
    }

    private static Task<SampleApi> StartAsync(string url, Dictionary<string, string>? environment = null, string pause = "1.5") =>
        SampleApi.StartAsync(
            new(StringComparer.Ordinal)
            {
                ["IntrospectionEndpoint"] = url + "/introspect",
                ["ClientId"] = "api",
                ["ClientSecret"] = "secret",
                ["Timeout"] = "1",
                ["Resilience:BreakerPause"] = pause,
            },
            environment
        );
}
