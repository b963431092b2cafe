using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Webhooks;

/// <summary>An API that receives webhooks, and what WorkOS sends to it.</summary>
internal static class WorkOSWebhook
{
    public const string Path = "/webhooks/workos";
    public const string Secret = "webhook-secret-of-the-endpoint";

    /// <summary>An event as WorkOS documents it.</summary>
    public static string Event(string type, string data) =>
        $$"""{"id":"event_01","event":"{{type}}","created_at":"2026-01-01T00:00:00.000Z","data":{{data}}}""";

    public static Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        TimeProvider time,
        Action<WorkOSWebhookOptions>? configure = null
    ) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(_ => { }),
                Endpoints = app => app.MapWorkOSWebhook(configure ?? (options => options.Secrets.Add(Secret))),
                Time = time,
            }
        );

    public static string Sign(string body, DateTimeOffset at, string secret = Secret)
    {
        string time = at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return $"t={time}, v1={Hash($"{time}.{body}", secret)}";
    }

    public static string Hash(string text, string secret = Secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    public static async Task<int> SendAsync(TestApi api, string body, params string[] signatures)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (string signature in signatures)
            request.Headers.TryAddWithoutValidation("WorkOS-Signature", signature);
        using HttpResponseMessage response = await api.Client.SendAsync(request);
        Assert.Empty(await response.Content.ReadAsStringAsync());
        return (int)response.StatusCode;
    }
}
