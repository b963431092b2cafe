using System.Collections;
using System.Reflection;
using System.Security.Claims;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Tests.Claims;

/// <summary>The principal of a cached response equals a new one, and no request shares it with another.</summary>
public sealed class CachedPrincipalTests
{
    private const string Token = "opaque-4711";

    private const string Body = """
        {"active":true,"scope":"read write","client_id":"c","username":"ann","exp":4102444800.5,"iat":1700000000,"sub":"s","aud":["a","b"],
         "iss":"https://a.example","orgId":"o","roles":["editor"],"n":1.50,"b":false,"o":{"x": [1]},"l":[[1],null],
         "realm_access":{"roles":["author"]}}
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_principal_of_a_cached_response_equals_a_new_one_in_every_property(bool listens)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, Body);
        await using TestApi api = await StartAsync(server, listens);

        AuthenticateResult cold = await api.AuthenticateAsync(Token);
        AuthenticateResult warm = await api.AuthenticateAsync(Token);

        Assert.Equal(1, server.CallCount);
        Assert.NotSame(cold.Principal, warm.Principal);
        List<string> description = Describe(cold.Ticket!);
        Assert.Equal(description, Describe(warm.Ticket!), StringComparer.Ordinal);

        // Checks the description itself: it contains what a mistake would change.
        Assert.Contains(
            "Principal.Identities[0].Claims[0].ValueType: http://www.w3.org/2001/XMLSchema#string",
            description,
            StringComparer.Ordinal
        );
        Assert.Contains("Principal.Identities[0].Claims[0].Issuer: https://a.example", description, StringComparer.Ordinal);
        Assert.Contains("Principal.Identities[0].RoleClaimType: roles", description, StringComparer.Ordinal);
        Assert.Contains($"Properties.Items[.Token.access_token]: {Token}", description, StringComparer.Ordinal);
        Assert.Contains(description, line => line.StartsWith("Properties.ExpiresUtc: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changes_to_the_principal_of_one_request_do_not_affect_other_requests()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, Body);
        await using TestApi api = await StartAsync(server, listens: false);
        List<string> fresh = Describe((await api.AuthenticateAsync(Token)).Ticket!);

        AuthenticateResult changed = await api.AuthenticateAsync(Token);
        var identity = (ClaimsIdentity)changed.Principal!.Identity!;
        identity.AddClaim(new Claim("scope", "admin"));
        identity.AddClaim(new Claim("roles", "admin"));
        identity.RemoveClaim(identity.FindFirst("sub"));
        identity.Label = "changed";
        identity.BootstrapContext = "changed";
        identity.Actor = new ClaimsIdentity([new Claim("sub", "actor")], "changed");
        foreach (Claim claim in identity.Claims)
            claim.Properties["changed"] = "yes";
        changed.Principal.AddIdentity(new ClaimsIdentity([new Claim("scope", "admin")], "changed"));
        changed.Properties!.Items["changed"] = "yes";
        changed.Properties.ExpiresUtc = DateTimeOffset.MaxValue;
        changed.Properties.StoreTokens([new AuthenticationToken { Name = "access_token", Value = "changed" }]);
        AuthenticateResult next = await api.AuthenticateAsync(Token);

        Assert.Equal(fresh, Describe(next.Ticket!), StringComparer.Ordinal);
        Assert.Equal(1, server.CallCount);
    }

    [Fact]
    public async Task An_event_changes_the_principal_once_for_each_request()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true,"sub":"s"}""");
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
                options.Events.OnTokenValidated = context =>
                {
                    ((ClaimsIdentity)context.Principal!.Identity!).AddClaim(new Claim("seen", context.IsFromCache ? "warm" : "cold"));
                    return Task.CompletedTask;
                }
        );

        AuthenticateResult cold = await api.AuthenticateAsync(Token);
        AuthenticateResult warm = await api.AuthenticateAsync(Token);
        AuthenticateResult warmer = await api.AuthenticateAsync(Token);

        Assert.Equal("sub=s | seen=cold", cold.Principal?.Describe());
        Assert.Equal("sub=s | seen=warm", warm.Principal?.Describe());
        Assert.Equal("sub=s | seen=warm", warmer.Principal?.Describe());
    }

    private static Task<TestApi> StartAsync(FakeAuthorizationServer server, bool listens) =>
        TestApi.StartAsync(
            server,
            options =>
            {
                options.SaveToken = true;
                options.ClaimMappings["orgId"] = "org_id";
                options.ClaimMappings["realm_access.roles"] = "roles";
                if (listens)
                    options.Events.OnTokenValidated = _ => Task.CompletedTask;
            }
        );

    /// <summary>Every public property of the ticket and of the objects in it, one line for each value.</summary>
    private static List<string> Describe(AuthenticationTicket ticket)
    {
        var lines = new List<string>();
        Describe(ticket, "", lines, []);
        return lines;
    }

    private static void Describe(object? value, string path, List<string> lines, HashSet<object> ancestors)
    {
        switch (value)
        {
            case null or string or bool or ValueType:
                lines.Add($"{path}: {value ?? "null"}");
                return;
            case IEnumerable<KeyValuePair<string, string?>> pairs:
                lines.AddRange(pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{path}[{pair.Key}]: {pair.Value}"));
                return;
            case IEnumerable items:
                int index = 0;
                foreach (object? item in items)
                    Describe(item, $"{path}[{index++}]", lines, ancestors);
                lines.Add($"{path}.Count: {index}");
                return;
        }

        if (!ancestors.Add(value))
            return; // Claim.Subject refers back to its identity

        foreach (
            PropertyInfo property in value
                .GetType()
                .GetProperties(BindingFlags.Instance | BindingFlags.Public)
                .Where(property => property.GetIndexParameters().Length == 0)
        )
        {
            Describe(property.GetValue(value), path.Length == 0 ? property.Name : $"{path}.{property.Name}", lines, ancestors);
        }

        ancestors.Remove(value);
    }
}
