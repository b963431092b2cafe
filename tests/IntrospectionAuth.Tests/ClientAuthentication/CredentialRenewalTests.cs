using System.Net;
using System.Security.Cryptography;
using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.ClientCredentials;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.ClientAuthentication;

/// <summary>When the server refuses this API's credentials with 401, others are obtained, and the call is repeated.</summary>
public sealed class CredentialRenewalTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("credential-renewal");
    private readonly ManualTimeProvider _time = new();

    private string KeyFile => Path.Combine(_folder.FullName, "client.pem");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_revoked_token_of_this_API_is_renewed_within_the_call(int status)
    {
        await using TokenServer server = await TokenServer.StartAsync();
        server.RefusalStatus = status;
        await using DiscoveryApi api = await StartAsync(server);
        Assert.Equal(200, await api.GetAsync("one"));

        server.Revoke();
        Assert.Equal((200, 200), (await api.GetAsync("two"), await api.GetAsync("three")));

        Assert.Equal(2, server.TokenRequests.Count);
        Assert.Equal(
            ["Bearer token-of-the-api-1", "Bearer token-of-the-api-1", "Bearer token-of-the-api-2", "Bearer token-of-the-api-2"],
            server.Introspections.Select(it => it.Authorization)
        );
        Assert.Equal((1, 0), (api.Signal.Count("CredentialsRenewed"), api.Signal.Count("CredentialsRefused")));
        Assert.DoesNotContain("token-of-the-api", api.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Credentials_that_stay_refused_cause_one_retry_a_minute_and_one_Error(int status)
    {
        await using TokenServer server = await TokenServer.StartAsync();
        server.RefusalStatus = status;
        server.RefusesAll = true;
        await using DiscoveryApi api = await StartAsync(server);

        for (int i = 0; i < 20; i++)
            Assert.Equal(503, await api.GetAsync($"first-{i}"));
        Assert.Equal((2, 21), (server.TokenRequests.Count, server.Introspections.Count));
        api.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(503, await api.GetAsync("second"));
        Assert.Equal((2, 22), (server.TokenRequests.Count, server.Introspections.Count));
        api.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((503, 503), (await api.GetAsync("third"), await api.GetAsync("fourth")));

        Assert.Equal((3, 25), (server.TokenRequests.Count, server.Introspections.Count));
        Assert.Equal((1, 0), (api.Signal.Count("CredentialsRefused"), api.Signal.Count("CredentialsRenewed")));
        server.RefusesAll = false;
        Assert.Equal(200, await api.GetAsync("fifth"));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_refused_token_that_is_issued_again_is_not_sent_again(int status)
    {
        await using TokenServer server = await TokenServer.StartAsync();
        server.RefusalStatus = status;
        server.RefusesAll = true;
        server.OnToken = async context =>
        {
            await MetadataServer.WriteAsync(
                context,
                """{"access_token":"token-of-the-api-again","token_type":"Bearer","expires_in":3600}"""
            );
            return true;
        };
        await using DiscoveryApi api = await StartAsync(server);

        Assert.Equal((503, 503), (await api.GetAsync("one"), await api.GetAsync("two")));

        Assert.Equal((2, 2), (server.TokenRequests.Count, server.Introspections.Count));
        Assert.Equal((1, 0), (api.Signal.Count("CredentialsRefused"), api.Signal.Count("CredentialsRenewed")));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Concurrent_calls_with_a_revoked_token_share_one_new_token_and_succeed(int status)
    {
        const int Crowd = 50;
        await using TokenServer server = await TokenServer.StartAsync();
        server.RefusalStatus = status;
        await using DiscoveryApi api = await StartAsync(server);
        await api.GetAsync("one");
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int arrived = 0;
        server.OnIntrospect = context =>
        {
            if (Interlocked.Increment(ref arrived) == Crowd)
            {
                server.Revoke();
                all.SetResult();
            }

            return all.Task;
        };

        int[] statuses = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(i => api.GetAsync($"token-{i}")));

        Assert.All(statuses, status => Assert.Equal(200, status));
        Assert.Equal((2, 1 + (2 * Crowd)), (server.TokenRequests.Count, server.Introspections.Count));
        Assert.Equal(1, api.Signal.Count("CredentialsRenewed"));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Concurrent_calls_fail_at_once_when_no_other_token_is_available(int status)
    {
        const int Crowd = 30;
        await using TokenServer server = await TokenServer.StartAsync();
        server.RefusalStatus = status;
        await using DiscoveryApi api = await StartAsync(server);
        await api.GetAsync("one");
        server.Revoke();
        server.OnToken = async context =>
        {
            context.Response.StatusCode = 400;
            await MetadataServer.WriteAsync(context, """{"error":"unauthorized_client"}""");
            return true;
        };
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int arrived = 0;
        server.OnIntrospect = _ =>
        {
            if (Interlocked.Increment(ref arrived) == Crowd)
                all.SetResult();
            return all.Task;
        };

        int[] statuses = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(i => api.GetAsync($"token-{i}")));

        Assert.All(statuses, status => Assert.Equal(503, status));
        Assert.Equal((2, 1 + Crowd), (server.TokenRequests.Count, server.Introspections.Count));
    }

    [Fact]
    public async Task The_retry_ends_at_the_timeout_of_the_call()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        await using DiscoveryApi api = await StartAsync(server);
        await api.GetAsync("one");
        server.Revoke();
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.OnIntrospect = async context =>
        {
            if (!context.Request.Headers.Authorization.ToString().EndsWith("-2", StringComparison.Ordinal))
            {
                api.Time.Advance(TimeSpan.FromSeconds(3));
                return;
            }

            var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using CancellationTokenRegistration registration = context.RequestAborted.Register(gone.SetResult);
            second.SetResult();
            await gone.Task;
        };

        Task<int> asking = api.GetAsync("two");
        await second.Task;
        api.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(503, await asking);
        Assert.Equal(1, api.Signal.Count("TimedOut"));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_delegate_is_notified_that_its_token_is_refused_and_the_call_is_repeated_with_the_next_one(int status)
    {
        string valid = "credential-before";
        string? kept = null;
        var told = new List<bool>();
        await using FakeAuthorizationServer server = CreateServer(() => "Bearer " + valid, status);
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(context =>
                {
                    told.Add(context.IsRetryAfterRefusal);
                    if (context.IsRetryAfterRefusal)
                        kept = null;
                    return new(kept ??= valid);
                }),
            _time
        );
        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(api, "one"));

        valid = "credential-after";
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await GetStatusAsync(api, "two"), await GetStatusAsync(api, "three")));

        Assert.Equal([false, false, true, false], told);
        Assert.Equal(
            ["Bearer credential-before", "Bearer credential-before", "Bearer credential-after", "Bearer credential-after"],
            Authorizations(server)
        );
        Assert.Equal(
            "CredentialsRenewed",
            Assert
                .Single(
                    api.Log.Entries,
                    entry =>
                        entry.Level >= LogLevel.Information
                        && entry.Category.StartsWith("IntrospectionAuth", StringComparison.Ordinal)
                        && entry.Event.Id > 2
                )
                .Event.Name
        );
    }

    [Fact]
    public async Task A_call_is_not_repeated_when_the_delegate_returns_the_refused_token()
    {
        int runs = 0;
        await using FakeAuthorizationServer server = CreateServer(() => "Bearer another");
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ =>
                {
                    runs++;
                    return new("the-only-one-there-is");
                }),
            _time
        );

        for (int i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetStatusAsync(api, $"token-{i}"));

        Assert.Equal((10, 11), (server.CallCount, runs));
        Assert.Equal("CredentialsRefused", Assert.Single(api.Log.Entries, entry => entry.Level >= LogLevel.Warning).Event.Name);
    }

    [Fact]
    public async Task Concurrent_calls_with_a_delegate_that_caches_its_token_renew_it_once_and_succeed()
    {
        const int Crowd = 40;
        string valid = "credential-before";
        string? kept = null;
        int drops = 0;
        await using FakeAuthorizationServer server = CreateServer(() => "Bearer " + valid);
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(context =>
                {
                    if (context.IsRetryAfterRefusal)
                    {
                        Interlocked.Increment(ref drops);
                        Volatile.Write(ref kept, null);
                    }

                    return new(Volatile.Read(ref kept) ?? (kept = valid));
                }),
            _time
        );
        await GetStatusAsync(api, "one");

        valid = "credential-after";
        HttpStatusCode[] statuses = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(i => GetStatusAsync(api, $"token-{i}")));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, drops);
    }

    [Fact]
    public async Task A_delegate_that_throws_on_renewal_is_503()
    {
        await using FakeAuthorizationServer server = CreateServer(() => "Bearer another");
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(context =>
                    context.IsRetryAfterRefusal ? throw new TimeZoneNotFoundException("marker") : new("the-only-one-there-is")
                ),
            _time
        );

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable),
            (await GetStatusAsync(api, "one"), await GetStatusAsync(api, "two"))
        );

        Assert.Equal(2, server.CallCount);
        Assert.Contains(api.Log.Entries, entry => entry.Event.Name == "ClientAuthenticationFailed");
        Assert.DoesNotContain(api.Log.Entries, entry => entry.Event.Name == "CredentialsRenewed");
    }

    [Fact]
    public async Task A_changed_key_file_is_read_at_once_and_signs_a_new_assertion()
    {
        using var before = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var after = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECDsa valid = before;
        await using FakeAuthorizationServer server = CreateServer(call => IsSignedBy(valid, call.Form["client_assertion"].ToString()));
        await File.WriteAllTextAsync(KeyFile, before.ExportPkcs8PrivateKeyPem());
        await using TestApi api = await TestApi.StartAsync(server, UseKeyFile, _time);
        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(api, "one"));

        await File.WriteAllTextAsync(KeyFile, after.ExportPkcs8PrivateKeyPem());
        valid = after;
        // No time has passed
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await GetStatusAsync(api, "two"), await GetStatusAsync(api, "three")));

        Assert.Equal(4, server.CallCount);
        Assert.Equal(
            4,
            server.Calls.Select(call => call.Parameters["client_assertion"].ToString()).Distinct(StringComparer.Ordinal).Count()
        );
    }

    [Fact]
    public async Task Concurrent_calls_succeed_when_the_key_has_changed()
    {
        using var before = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var after = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECDsa valid = before;
        await using FakeAuthorizationServer server = CreateServer(call => IsSignedBy(valid, call.Form["client_assertion"].ToString()));
        await File.WriteAllTextAsync(KeyFile, before.ExportPkcs8PrivateKeyPem());
        await using TestApi api = await TestApi.StartAsync(server, UseKeyFile, _time);
        await GetStatusAsync(api, "one");

        await File.WriteAllTextAsync(KeyFile, after.ExportPkcs8PrivateKeyPem());
        valid = after;
        HttpStatusCode[] statuses = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => GetStatusAsync(api, $"token-{i}")));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task An_unchanged_key_is_not_used_twice()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using FakeAuthorizationServer server = CreateServer(_ => false);
        await File.WriteAllTextAsync(KeyFile, key.ExportPkcs8PrivateKeyPem());
        await using TestApi api = await TestApi.StartAsync(server, UseKeyFile, _time);

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable),
            (await GetStatusAsync(api, "one"), await GetStatusAsync(api, "two"))
        );

        Assert.Equal(2, server.CallCount);
    }

    [Theory]
    [InlineData(401, "invalid_client")]
    [InlineData(401, "")]
    [InlineData(400, "invalid_client")] // RFC 6749, section 5.2
    public async Task A_changed_key_file_is_read_at_once_after_the_token_endpoint_has_refused_the_key_too(int status, string error)
    {
        using var before = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var after = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECDsa valid = before;
        await using TokenServer server = await TokenServer.StartAsync();
        server.OnToken = async context =>
        {
            if (IsSignedBy(valid, (await context.Request.ReadFormAsync())["client_assertion"].ToString()))
                return false;

            context.Response.StatusCode = status;
            await MetadataServer.WriteAsync(context, $$"""{"error":"{{error}}"}""");
            return true;
        };
        await File.WriteAllTextAsync(KeyFile, before.ExportPkcs8PrivateKeyPem());
        await using DiscoveryApi api = await StartAsync(
            server,
            options =>
            {
                options.ClientSecret = null;
                options.ClientCredentials.AuthenticationMethod = ClientAuthenticationMethod.PrivateKeyJwt;
                options.SigningKeyPath = KeyFile;
                options.ClientAssertionAudience = "https://auth.example.com";
            }
        );
        Assert.Equal(200, await api.GetAsync("one"));

        await File.WriteAllTextAsync(KeyFile, after.ExportPkcs8PrivateKeyPem());
        valid = after;
        server.Revoke();
        Assert.Equal(200, await api.GetAsync("two"));

        Assert.Equal(3, server.TokenRequests.Count);
        Assert.Equal(0, api.Signal.Count("TokenNotIssued"));
    }

    [Fact]
    public async Task A_waiting_call_is_repeated_as_soon_as_the_next_credential_is_known()
    {
        string valid = "credential-before";
        int repeated = 0;
        var gate = new Gate();
        var refused = new Gate();
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(async context =>
        {
            if (context.Request.Headers.Authorization == "Bearer credential-before")
            {
                if (Interlocked.Increment(ref repeated) == 2) // both calls are in flight with the old one
                    refused.Release();
                await refused.WaitAsync();
                valid = "credential-after";
                context.Response.StatusCode = 401;
                return;
            }

            if (Interlocked.Increment(ref repeated) == 3)
                await gate.WaitAsync();
            await MetadataServer.WriteAsync(context, """{"active":true,"scope":"read"}""");
        });
        await using TestApi api = await TestApi.StartAsync(
            server,
            options => options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ => new(valid)),
            _time
        );

        Task<HttpStatusCode> one = GetStatusAsync(api, "one"),
            two = GetStatusAsync(api, "two");
        Task<HttpStatusCode> first = await Task.WhenAny(one, two).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        Assert.Equal(HttpStatusCode.OK, await first);
        gate.Release();

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], await Task.WhenAll(one, two));
        Assert.Equal(4, server.CallCount);
    }

    [Fact]
    public async Task A_refused_key_in_code_does_not_sign_again()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        int signed = 0;
        await using FakeAuthorizationServer server = CreateServer(_ => false);
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.PrivateKeyJwt;
                options.ClientAssertionAudience = "https://auth.example.com";
                options.SigningKey = ClientSigningKey.FromSigner(
                    "ES256",
                    (data, _) =>
                    {
                        signed++;
                        return new(key.SignData(data.Span, HashAlgorithmName.SHA256));
                    }
                );
            },
            _time
        );

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetStatusAsync(api, "one"));

        Assert.Equal((1, 1), (server.CallCount, signed));
    }

    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    [InlineData("client_secret_jwt")]
    public async Task A_secret_is_not_sent_twice(string method)
    {
        await using FakeAuthorizationServer server = CreateServer(_ => false);
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.Find(method)!;
                options.ClientSecret = "a secret that is long enough for HS256";
                options.ClientAssertionAudience = "https://auth.example.com";
            },
            _time
        );

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetStatusAsync(api, "one"));

        Assert.Equal(1, server.CallCount);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task Only_401_and_403_renew_a_credential(int status)
    {
        int runs = 0;
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(status);
        await using TestApi api = await TestApi.StartAsync(
            server,
            options => options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ => new($"token-{runs++}")),
            _time
        );

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetStatusAsync(api, "one"));

        Assert.Equal((1, 1), (server.CallCount, runs));
    }

    [Fact]
    public async Task A_call_rejected_late_with_the_old_credential_is_repeated_with_the_new_one()
    {
        var renewal = new CredentialRenewal(_time);
        var early = new CallCredential { Used = "before" };
        var late = new CallCredential { Used = "before" };

        CallCredential? renewed = await renewal.FindNextAsync(early, CancellationToken.None);
        Assert.True(renewed is { IsRenewal: true });
        renewed!.Used = "after";
        renewed.Settle();
        CallCredential? next = await renewal.FindNextAsync(late, CancellationToken.None);

        Assert.Equal((false, "before"), (next?.IsRenewal, next?.Refused));
    }

    private static async Task<HttpStatusCode> GetStatusAsync(TestApi api, string token)
    {
        using HttpResponseMessage response = await api.GetAsync("/me", token);
        return response.StatusCode;
    }

    private static IEnumerable<string> Authorizations(FakeAuthorizationServer server) =>
        server.Calls.Select(call => call.Headers.Authorization.ToString());

    private static bool IsSignedBy(ECDsa key, string assertion)
    {
        Jws jws = JwsReader.Read(assertion)!;
        return EcJoseKey.Create(key, isPrivate: false)!.Verify(jws.Header.Algorithm, jws.SigningInput.Span, jws.Signature.Span);
    }

    private static FakeAuthorizationServer CreateServer(Func<string> authorization, int refusal = 401) =>
        CreateServer(call => call.Headers.Authorization == authorization(), refusal);

    private static FakeAuthorizationServer CreateServer(Func<HttpRequest, bool> isAccepted, int refusal = 401)
    {
        var server = FakeAuthorizationServer.Create();
        server.RespondWith(async context =>
        {
            await context.Request.ReadFormAsync();
            bool accepted = isAccepted(context.Request);
            context.Response.StatusCode = accepted ? 200 : refusal;
            await MetadataServer.WriteAsync(context, accepted ? """{"active":true,"scope":"read"}""" : """{"error":"invalid_client"}""");
        });
        return server;
    }

    private void UseKeyFile(OAuthIntrospectionOptions options)
    {
        options.ClientAuthenticationMethod = ClientAuthenticationMethod.PrivateKeyJwt;
        options.SigningKeyPath = KeyFile;
        options.ClientAssertionAudience = "https://auth.example.com";
    }

    private static Task<DiscoveryApi> StartAsync(TokenServer server, Action<OAuthIntrospectionOptions>? configure = null) =>
        DiscoveryApi.StartAsync(options =>
        {
            options.IntrospectionEndpoint = server.IntrospectionEndpoint;
            options.ClientId = "api";
            options.ClientSecret = "secret";
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials;
            options.ClientCredentials.TokenEndpoint = server.TokenEndpoint;
            configure?.Invoke(options);
        });
}
