using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace IntrospectionAuth.Tests.Mistakes;

/// <summary>Mistakes that the first request reveals.</summary>
internal static class RequestMistakes
{
    private const string Endpoint = "IntrospectionEndpoint";

    public static IEnumerable<Mistake> All => [.. Server, .. Tokens, .. Endpoints];

    private static Mistake[] Server =>
        [
            new("a wrong secret", "ClientSecret") { Server = static options => options.ClientSecret = "another-secret" },
            new("the wrong client authentication method", "ClientAuthenticationMethod")
            {
                Server = static options => options.RequiredClientAuthenticationMethod = "client_secret_post",
            },
            new("a wrong path", Endpoint) { Behavior = static server => server.RespondWith(404) },
            new("a path that accepts no POST", Endpoint) { Behavior = static server => server.RespondWith(405) },
            new("a login page", Endpoint)
            {
                Behavior = static server => server.RespondWith(302, headers: [new("Location", "https://auth.example.com/login")]),
            },
            new("a page instead of JSON", "IntrospectionEndpoint is the URL")
            {
                Behavior = static server => server.RespondWith(200, "<html></html>", "text/html"),
            },
            new("a response without active", "OnResponseReceived")
            {
                Behavior = static server => server.RespondWith(200, """{"sub":"user-1"}"""),
            },
            new("a server that asks to wait", "Retry-After")
            {
                Behavior = static server => server.RespondWith(429, headers: [new("Retry-After", "30")]),
            },
            new("a server that is too slow", "raise Timeout")
            {
                Settings = { ["Timeout"] = "1", ["Resilience:MaximumRetries"] = null },
                Behavior = static server => server.NeverRespond(),
            },
            new("a port that nothing listens on", Endpoint)
            {
                UsesNetwork = true,
                Settings = { [Endpoint] = "http://127.0.0.1:1/introspect" },
            },
            new("an Authority that publishes nothing", "Authority")
            {
                UsesNetwork = true,
                Settings = { [Endpoint] = null, ["Authority"] = "http://127.0.0.1:1" },
            },
            new("a JWT that the server does not introspect", "TokenFilter")
            {
                Behavior = static server => server.RespondWith(400, """{"error":"unsupported_token_type"}"""),
            },
        ];

    private static Mistake[] Tokens =>
        [
            Token(
                "a token for another audience",
                "Audiences",
                static token => token.Audiences = ["https://other.example.com"],
                "Audiences",
                "a"
            ),
            Token("a response without an audience", "Audiences", static _ => { }, "Audiences", "https://api.example.com"),
            Token("a token of another issuer", "ValidIssuers", static _ => { }, "ValidIssuers", "https://auth.example.com/"),
            Token("a token that expired by another clock", "ClockSkew", static token => token.Members["exp"] = 1_700_000_000),
            Token("a token that is not valid yet", "ClockSkew", static token => token.NotBefore = DateTimeOffset.UnixEpoch.AddYears(100)),
            Token("a required claim that is missing", "RequiredClaims", static _ => { }, "RequiredClaims", "email"),
            Token("a refresh token", "Send the access token", static token => token.TokenType = "refresh_token"),
            Token("an ID token", "Send the access token", static token => token.Members["typ"] = "ID"),
            Token("an access token under another name", "AcceptedTokenUses", static token => token.Members["token_use"] = "service"),
            Token(
                "a token bound to a key",
                "DPoP",
                static token => token.Members["cnf"] = new Dictionary<string, object> { ["jkt"] = "x" }
            ),
            Token(
                "a token bound to a certificate",
                "certificate",
                static token => token.Members["cnf"] = new Dictionary<string, object> { ["x5t#S256"] = "x" }
            ),
            new("an unknown token", "Obtain a new token")
            {
                Behavior = static _ => { },
                Authorization = static _ => "Bearer of-another-authorization-server",
            },
            new("no token", "Authorization: Bearer") { Behavior = static _ => { }, Authorization = static _ => null },
            new("Bearer without a token", "Authorization: Bearer") { Behavior = static _ => { }, Authorization = static _ => "Bearer" },
            new("a token in quotation marks", "quotes") { Behavior = static _ => { }, Authorization = static _ => "Bearer \"abc\"" },
            new("another scheme: Token", "Authorization: Bearer")
            {
                Behavior = static _ => { },
                Authorization = static server => "Token " + server.IssueToken("read"),
            },
            new("the token without a scheme", "Authorization: Bearer")
            {
                Behavior = static _ => { },
                Authorization = static server => server.IssueToken("read"),
            },
            new("the token in the query", "TokenRetrieval")
            {
                Behavior = static _ => { },
                Path = "/read?access_token=abc",
                Authorization = static _ => null,
            },
            new("a token with an exclamation mark", "AdditionalTokenCharacters")
            {
                Behavior = static _ => { },
                Authorization = static _ => "Bearer 00D!abc",
            },
            new("a token that is too long", "MaximumTokenLength")
            {
                Behavior = static _ => { },
                Authorization = static _ => "Bearer " + new string('a', 20_000),
            },
            new("a token that the filter rejects", "TokenFilter")
            {
                Behavior = static _ => { },
                Settings = { ["TokenFilter:Prefixes:0"] = "acme_" },
            },
            new("DPoP without a proof", "proof")
            {
                Behavior = static _ => { },
                Authorization = static server => "DPoP " + server.IssueToken("read"),
            },
        ];

    private static Mistake[] Endpoints =>
        [
            new("a token without the scope", "request a token with the scope")
            {
                Behavior = static _ => { },
                Authorization = static server => "Bearer " + server.IssueToken("write"),
            },
            new("scopes in scp", "ClaimMappings")
            {
                Behavior = static _ => { },
                Authorization = static server => "Bearer " + server.IssueToken(static token => token.Members["scp"] = "read"),
            },
            new("a role in another claim", "RoleClaimType")
            {
                Behavior = static _ => { },
                App = static app => app.MapGet("/admin", [Authorize(Roles = "admin")] () => ""),
                Path = "/admin",
                Authorization = static server => "Bearer " + server.IssueToken(static token => token.Members["groups"] = "admin"),
            },
            new("a token of another tenant", "the tenant of the token")
            {
                Behavior = static _ => { },
                App = static app => app.MapGet("/w/{id}", static () => "").RequireTenant("workspace_id", routeValue: "id"),
                Path = "/w/1",
            },
            new("a response without auth_time", "auth_time")
            {
                Behavior = static _ => { },
                App = static app => app.MapGet("/it", static () => "").RequireRecentAuthentication(TimeSpan.FromMinutes(5)),
                Path = "/it",
            },
            new("UseAuthorization before UseAuthentication", "app.UseAuthentication()")
            {
                Behavior = static _ => { },
                App = static app => app.UseAuthorization().UseAuthentication(),
            },
            new("UseAuthentication before UseRouting", "UseRouting")
            {
                Behavior = static _ => { },
                App = static app =>
                {
                    app.UseAuthentication().UseRouting().UseAuthorization();
                    app.MapGet("/fresh", static () => "").RequireFreshToken(TimeSpan.Zero);
                },
                Path = "/fresh",
            },
        ];

    private static Mistake Token(string name, string remedy, Action<FakeToken> change, string? list = null, string? value = null) =>
        new(name, remedy)
        {
            Behavior = static _ => { },
            Settings = list is null ? [] : new() { [list + ":0"] = value },
            Authorization = server =>
                "Bearer "
                + server.IssueToken(token =>
                {
                    token.Scopes = ["read"];
                    change(token);
                }),
        };
}
