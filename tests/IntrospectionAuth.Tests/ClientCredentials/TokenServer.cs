using System.Collections.Concurrent;
using System.Globalization;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Discovery;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.ClientCredentials;

/// <summary>An authorization server on a real socket that issues tokens to this API, and lets only those ask.</summary>
internal sealed class TokenServer : IAsyncDisposable
{
    private readonly MetadataServer _server;
    private readonly ConcurrentDictionary<string, bool> _accepted = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Authorization, string Form)> _tokenRequests = new();
    private readonly ConcurrentQueue<(string Authorization, string Form)> _introspections = new();
    private int _issued;

    private TokenServer(MetadataServer server) => _server = server;

    public string Url => _server.Url;

    public string TokenEndpoint => Url + "/token";

    public string IntrospectionEndpoint => Url + "/introspect";

    /// <summary>Header and sorted form of every request for a token.</summary>
    public IReadOnlyCollection<(string Authorization, string Form)> TokenRequests => _tokenRequests;

    /// <summary>Header and sorted form, but for the token, of every introspection.</summary>
    public IReadOnlyCollection<(string Authorization, string Form)> Introspections => _introspections;

    /// <summary>What happens before a token is issued; true when it has sent the response itself.</summary>
    public Func<HttpContext, Task<bool>>? OnToken { get; set; }

    /// <summary>What happens before a token is introspected.</summary>
    public Func<HttpContext, Task>? OnIntrospect { get; set; }

    /// <summary>The <c>expires_in</c> of tokens; null leaves it out.</summary>
    public string? Lifetime { get; set; } = "3600";

    /// <summary>Whether a token is refused however new it is.</summary>
    public bool RefusesAll { get; set; }

    /// <summary>The status with which a token is refused.</summary>
    public int RefusalStatus { get; set; } = StatusCodes.Status401Unauthorized;

    public static async Task<TokenServer> StartAsync()
    {
        var server = new TokenServer(await MetadataServer.StartAsync());
        server._server.On("/token", server.IssueAsync);
        server._server.On("/introspect", server.IntrospectAsync);
        server._server.PublishText(
            MetadataServer.OpenId,
            $$"""{"issuer":"{{server.Url}}","introspection_endpoint":"{{server.IntrospectionEndpoint}}","token_endpoint":"{{server.TokenEndpoint}}"}"""
        );
        return server;
    }

    /// <summary>Refuses the tokens that were issued so far.</summary>
    public void Revoke() => _accepted.Clear();

    public void On(string path, RequestDelegate respond) => _server.On(path, respond);

    public void RespondAt(string path, int status) => _server.RespondAt(path, status);

    public void Publish(string metadata) => _server.PublishText(MetadataServer.OpenId, metadata);

    public int Count(string request) => _server.Count(request);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task IssueAsync(HttpContext context)
    {
        _tokenRequests.Enqueue(await DescribeAsync(context, ""));
        if (OnToken is { } behavior && await behavior(context))
            return;

        string token = "token-of-the-api-" + Interlocked.Increment(ref _issued).ToString(CultureInfo.InvariantCulture);
        _accepted[token] = true;
        string lifetime = Lifetime is null ? "" : $",\"expires_in\":{Lifetime}";
        await MetadataServer.WriteAsync(context, $$"""{"access_token":"{{token}}","token_type":"Bearer"{{lifetime}}}""");
    }

    private async Task IntrospectAsync(HttpContext context)
    {
        (string authorization, string form) = await DescribeAsync(context, "token");
        _introspections.Enqueue((authorization, form));
        if (OnIntrospect is { } behavior)
            await behavior(context);

        if (
            !RefusesAll
            && authorization.StartsWith("Bearer ", StringComparison.Ordinal)
            && _accepted.ContainsKey(authorization["Bearer ".Length..])
        )
        {
            await MetadataServer.WriteAsync(context, """{"active":true,"scope":"read"}""");
            return;
        }

        context.Response.StatusCode = RefusalStatus;
        if (RefusalStatus != StatusCodes.Status403Forbidden) // django-oauth-toolkit sends no body with it
            await MetadataServer.WriteAsync(context, """{"error":"invalid_token"}""");
    }

    private static async Task<(string Authorization, string Form)> DescribeAsync(HttpContext context, string leftOut)
    {
        IFormCollection form = await context.Request.ReadFormAsync();
        return (
            context.Request.Headers.Authorization.ToString(),
            string.Join(
                '&',
                form.Where(field => field.Key != leftOut).Select(field => $"{field.Key}={field.Value}").Order(StringComparer.Ordinal)
            )
        );
    }
}
