using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Interop.Faults;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.BadDays;

/// <summary>Bad days that begin before the first byte of HTTP.</summary>
public sealed class UnreachableHostTests(ITestOutputHelper output)
{
    [LinuxFact]
    public async Task A_certificate_that_is_not_trusted_is_a_bad_day_until_the_right_one_is_back()
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
                    return context.Response.WriteJsonAsync(BadDaysApi.Active);
                },
                trusted
            );
            await using SampleApi api = await StartAsync(server.Url, new(StringComparer.Ordinal) { ["SSL_CERT_FILE"] = file });
            Assert.Equal(200, (await api.GetAsync("/read", "kept")).Status);
            var day = new BadDay(api, () => server.CallCount);

            server.Certificate = other;
            TimeSpan first = await day.FailAsync();
            TimeSpan further = await day.RequestBackOffAsync();
            await day.AssertKeptAnswersServeAsync();
            Assert.Equal(1, server.CallCount);

            server.Certificate = trusted;
            TimeSpan recovery = await day.RecoverAsync("token", BadDay.Pause);
            output.WriteLine(
                $"TLS: first {first.TotalMilliseconds:F0} ms, further at most {further.TotalMilliseconds:F1} ms, recovery {recovery.TotalMilliseconds:F0} ms"
            );
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_host_that_does_not_resolve_is_a_bad_day()
    {
        await using SampleApi api = await StartAsync("https://authorization-server.invalid", pause: "60"); // longer than the test: no call probes the server
        var day = new BadDay(api, () => 0);

        TimeSpan first = await day.FailAsync();
        TimeSpan further = await day.RequestBackOffAsync();

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
