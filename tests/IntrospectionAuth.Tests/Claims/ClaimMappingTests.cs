using System.Net;
using System.Security.Claims;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Claims;

/// <summary>Mapping of members, selected by path, to other claim types.</summary>
public sealed class ClaimMappingTests
{
    [Theory]
    [InlineData("orgId", "org_id", """{"orgId":"o"}""", "org_id=o")]
    [InlineData("orgId", "org_id", """{"a":"1","orgId":"o","b":"2"}""", "a=1 | org_id=o | b=2")]
    [InlineData("orgId", "org_id", """{"OrgId":"o"}""", "OrgId=o")]
    [InlineData("orgId", "org_id", """{"orgId":null}""", "")]
    [InlineData("groups", "roles", """{"groups":["a","b"]}""", "roles=a | roles=b")]
    [InlineData("https://example.com/roles", "roles", """{"https://example.com/roles":["a","b"]}""", "roles=a | roles=b")]
    [InlineData("scope", "permissions", """{"scope":"a b"}""", "permissions=a | permissions=b")]
    [InlineData("sub", "username", """{"sub":"s","username":"u"}""", "username=s | username=u")]
    public async Task A_member_is_renamed_in_its_place(string path, string name, string body, string claims)
    {
        ClaimsPrincipal principal = await ReadAsync(body, path, name);

        Assert.Equal(claims, principal.Describe());
    }

    [Theory]
    [InlineData("realm_access.roles", """{"realm_access":{"roles":["a","b"]}}""", "a b")]
    [InlineData("realm_access.roles", """{"realm_access":{"roles":"a"}}""", "a")]
    [InlineData("realm_access.roles", """{"realm_access":{"x":{"roles":["no"]},"roles":["a"]}}""", "a")]
    [InlineData("realm_access.roles", """{"realm_access":{"roles":["a",null,"b"]}}""", "a b")]
    [InlineData("realm_access.roles", """{"realm_access":{"roles":[]}}""", "")]
    [InlineData("realm_access.roles", """{"realm_access":{"roles":null}}""", "")]
    [InlineData("realm_access.roles", """{"realm_access":{}}""", "")]
    [InlineData("realm_access.roles", """{"realm_access":null}""", "")]
    [InlineData("realm_access.roles", """{"realm_access":"roles"}""", "")]
    [InlineData("realm_access.roles", """{"realm_access":"{\"roles\":[\"a\"]}"}""", "")]
    [InlineData("realm_access.roles", """{"realm_access":[{"roles":["a"]},{"roles":["b"]}]}""", "a b")]
    [InlineData("realm_access.roles", """{"realm_access.roles":"a"}""", "a")]
    [InlineData("realm_access.roles", """{"Realm_access":{"roles":["a"]}}""", "")]
    [InlineData("realm_access.roles", """{"realm_accessXroles":{"roles":["a"]}}""", "")]
    [InlineData("realm_access.roles", """{"realm_access":{"ro\u006ces":["a"]}}""", "a")]
    [InlineData("realm_access.roles", """{"realm_access": {"note" : "é\"}{", "roles" : ["a"]}}""", "a")]
    [InlineData("a.b.c.d", """{"a":{"b":{"c":{"d":"deep"}}}}""", "deep")]
    [InlineData("a.b.c.d", """{"a":{"b.c":{"d":"dotted"}}}""", "dotted")]
    [InlineData("a.b.c.d", """{"a.b":{"c.d":"dotted"}}""", "dotted")]
    [InlineData("a.b.c.d", """{"a":{"b":{"x":1},"b.c":{"d":"second"}}}""", "second")]
    [InlineData("resource_access.my.api.roles", """{"resource_access":{"my.api":{"roles":["a"]},"my":{"api":{"x":1}}}}""", "a")]
    [InlineData("https://example.com/claims.roles", """{"https://example.com/claims":{"roles":["a"]}}""", "a")]
    public async Task A_path_selects_a_member_of_an_object(string path, string body, string roles)
    {
        ClaimsPrincipal principal = await ReadAsync(body, path, "roles");

        Assert.Equal(roles, string.Join(' ', principal.FindAll("roles").Select(claim => claim.Value)));
    }

    [Theory]
    [InlineData("a.b", """{"a.b":"literal","a":{"b":"inside"}}""", "literal")]
    [InlineData("a.b", """{"a":{"b":"inside"},"a.b":"literal"}""", "literal")]
    [InlineData("a.b", """{"a":{"b":"inside"},"a.b":null}""", "inside")]
    [InlineData("a.b.c", """{"a":{"b":{"c":"two"}},"a.b":{"c":"one"}}""", "one")]
    [InlineData("a.b.c", """{"a":{"b":{"c":"two"}},"a.b":{"x":"no"}}""", "two")]
    [InlineData("a.b.c", """{"a":{"b":{"c":"two"},"b.c":"literal"}}""", "literal")]
    [InlineData("a.b.c", """{"a":{"b.c":"literal","b":{"c":"two"}}}""", "literal")]
    [InlineData(
        "https://example.com/roles",
        """{"https://example":{"com/roles":"inside"},"https://example.com/roles":"literal"}""",
        "literal"
    )]
    [InlineData("a.b.c", """{"a.b":[{"c":"1"},{"c":"2"}],"a":{"b":{"c":"no"}}}""", "1 2")]
    [InlineData("a.b.c", """{"a":{"b.c":null,"b":{"c":"inside"}}}""", "inside")]
    [InlineData("a.b.c", """{"a":{"b.c":[],"b":{"c":"inside"}}}""", "inside")]
    [InlineData("a.b.c", """{"a":{"b":"c"}}""", "")]
    [InlineData("a.b.c.d", """{"a":{"b.c":{"x":1},"b":{"c":{"d":"short"}}}}""", "short")]
    [InlineData("a.b.c.d", """{"a":{"b.c":[{"x":1}],"b":{"c":{"d":"short"}}}}""", "short")]
    [InlineData("a.b.c.d", """{"a":{"b.c":{"d":"1"},"b.c":{"d":"2"},"b":{"c":{"d":"no"}}}}""", "1 2")]
    [InlineData("a.b.c.d", """{"a":{"b.c":[{"d":"1"},{"d":"2"}],"b":{"c":{"d":"no"}}}}""", "1 2")]
    [InlineData("a.b.*", """{"a.b":{},"a":{"b":{"x":1}}}""", "x")]
    [InlineData("a.b.*", """{"a.b":{"no":false},"a":{"b":{"x":1}}}""", "x")]
    [InlineData("urn:x.*", """{"urn:x":{"inside":1},"urn:x.*":"literal"}""", "literal")]
    [InlineData("a.*", """{"a":{"*":"literal","b":1}}""", "literal")]
    public async Task Only_the_longest_matching_name_applies(string path, string body, string roles)
    {
        ClaimsPrincipal principal = await ReadAsync(body, path, "roles");

        Assert.Equal(roles, string.Join(' ', principal.FindAll("roles").Select(claim => claim.Value)));
    }

    [Theory]
    [InlineData("a.b.c", """{"a":{"b":[{"c":"1"},{"c":["2","3"]},{"x":"no"},"no",[{"c":"no"}],null,{"c":"4"}]}}""", "1 2 3 4")]
    [InlineData("a.b.c", """{"a":[{"b":[{"c":"1"}]},{"b":{"c":"2"}}]}""", "1 2")]
    [InlineData("a.b.*", """{"a":{"b":[{"c":1},{"d":1}]}}""", "c d")]
    public async Task A_path_selects_members_of_each_object_in_an_array(string path, string body, string roles)
    {
        ClaimsPrincipal principal = await ReadAsync(body, path, "roles");

        Assert.Equal(roles, string.Join(' ', principal.FindAll("roles").Select(claim => claim.Value)));
    }

    [Theory]
    [InlineData(
        "urn:zitadel:iam:org:project:roles.*",
        """{"urn:zitadel:iam:org:project:roles":{"admin":{"1":"acme.example.com"},"reader":{"1":"acme.example.com"}}}""",
        "admin reader"
    )]
    [InlineData(
        "a.roles.*",
        """{"a":{"roles":{"admin":{},"reader":[],"writer":"","owner":0,"guest":true}}}""",
        "admin reader writer owner guest"
    )]
    [InlineData("roles.*", """{"roles":{"admin":false,"reader":null,"writer":true}}""", "writer")]
    [InlineData("roles.*", """{"roles":{"admin":true,"admin":false,"reader":null,"reader":{},"writer":1,"writer":2}}""", "writer")]
    [InlineData("roles.*", """{"roles":{"":{},"a.b":{"c":{}}}}""", "a.b")]
    [InlineData("roles.*", """{"roles":{}}""", "")]
    [InlineData("roles.*", """{"roles":null}""", "")]
    [InlineData("roles.*", """{"roles":"admin"}""", "")]
    [InlineData("roles.*", """{"roles":["admin"]}""", "")]
    [InlineData("roles.*", """{"roles":[{"admin":1},{"reader":1}]}""", "admin reader")]
    [InlineData("roles.*", """{"roles":"{\"admin\":1}"}""", "")]
    [InlineData("*", """{"a":{"b":1}}""", "")]
    public async Task The_names_of_an_objects_members_become_claims(string path, string body, string names)
    {
        ClaimsPrincipal principal = await ReadAsync(body, path, "names");

        Assert.Equal(names, string.Join(' ', principal.FindAll("names").Select(claim => claim.Value)));
        Assert.All(principal.FindAll("names"), claim => Assert.Equal(ClaimValueTypes.String, claim.ValueType));
    }

    [Fact]
    public async Task Values_that_are_mapped_to_scope_are_scopes()
    {
        ClaimsPrincipal principal = await ReadAsync(
            """{"scope":"a","permissions":{"a":{},"b c":{},"d":false}}""",
            "permissions.*",
            "scope"
        );

        Assert.Equal("a b c", string.Join(' ', principal.FindAll("scope").Select(claim => claim.Value)));
    }

    [Fact]
    public async Task An_object_stays_a_claim_when_a_path_selects_its_member()
    {
        ClaimsPrincipal principal = await ReadAsync("""{"realm_access":{"roles":["a"]}}""", "realm_access.roles", "roles");

        Assert.Equal("""realm_access={"roles":["a"]} | roles=a""", principal.Describe());
    }

    [Theory]
    [InlineData("5", "5", ClaimValueTypes.Integer64)]
    [InlineData("true", "true", ClaimValueTypes.Boolean)]
    [InlineData("{\"y\": 1}", "{\"y\": 1}", "JSON")]
    public async Task A_claim_at_a_path_has_the_value_type_of_the_member(string value, string text, string valueType)
    {
        ClaimsPrincipal principal = await ReadAsync("""{"a":{"b":""" + value + "}}", "a.b", "x");

        Claim claim = Assert.Single(principal.FindAll("x"));
        Assert.Equal((text, valueType), (claim.Value, claim.ValueType));
    }

    [Fact]
    public async Task Several_paths_may_map_to_the_same_claim()
    {
        ClaimsPrincipal principal = await ResponsePrincipal.ReadAsync(
            """{"active":true,"a":{"r":["1"]},"b":{"r":["2"]},"c":"3"}""",
            options =>
            {
                options.ClaimMappings["a.r"] = "roles";
                options.ClaimMappings["b.r"] = "roles";
                options.ClaimMappings["c"] = "roles";
            }
        );

        Assert.Equal("1 2 3", string.Join(' ', principal.FindAll("roles").Select(claim => claim.Value).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Mapped_claims_have_the_same_issuer_as_the_others()
    {
        ClaimsPrincipal principal = await ReadAsync(
            """{"iss":"https://a.example","realm_access":{"roles":["a"]}}""",
            "realm_access.roles",
            "roles"
        );

        Assert.Equal("https://a.example", principal.FindFirst("roles")?.Issuer);
    }

    [Theory]
    [InlineData("permissions", """{"permissions":"a b a"}""", "a b")]
    [InlineData("permissions", """{"permissions":["a","b c"]}""", "a b c")]
    [InlineData("permissions", """{"scope":"a","permissions":["a","b"]}""", "a b")]
    [InlineData("app.permissions", """{"app":{"permissions":["a","b c"]}}""", "a b c")]
    [InlineData("app.permissions", """{"app":{"permissions":{"x":"y admin z"}}}""", "")]
    [InlineData("app.permissions", """{"app":{"permissions":[5,true]}}""", "")]
    public async Task A_member_that_is_mapped_to_scope_becomes_one_claim_for_each_scope(string path, string body, string scopes)
    {
        ClaimsPrincipal principal = await ReadAsync(body, path, "scope");

        Assert.Equal(scopes, string.Join(' ', principal.FindAll("scope").Select(claim => claim.Value)));
        Assert.All(principal.FindAll("scope"), claim => Assert.DoesNotContain(' ', claim.Value));
    }

    [Theory]
    [InlineData("{\"name\":\"x admin y\"}")]
    [InlineData("[{\"name\":\"x admin y\"}]")]
    [InlineData("[[\"x admin y\"]]")]
    public async Task An_object_that_is_mapped_to_scope_grants_no_scope(string permissions)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, $$"""{"active":true,"permissions":{{permissions}}}""");
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                    services.AddAuthentication().AddOAuthIntrospection(options => options.ClaimMappings["permissions"] = "scope"),
                Endpoints = app => app.MapGet("/admin", () => "admin").RequireScope("admin"),
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/admin", "opaque-4711");
        AuthenticateResult result = await api.AuthenticateAsync("opaque-4711");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(result.Principal!.FindAll("scope"));
    }

    [Theory]
    [InlineData("""{"active":true,"realm_access":{"\ud800":1,"roles":["a"]}}""")]
    [InlineData("""{"active":true,"realm_access":{"roles":["\ud800"]}}""")]
    [InlineData("""{"active":true,"realm_access":{"roles":"\udc00"}}""")]
    [InlineData("""{"active":true,"realm_access":{"roles":{"\ud800":{}}}}""")]
    public async Task A_string_inside_an_object_that_is_not_Unicode_does_not_throw(string body)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, body);
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                options.ClaimMappings["realm_access.roles"] = "roles";
                options.ClaimMappings["realm_access.roles.*"] = "names";
            }
        );

        Exception? exception = await Record.ExceptionAsync(() => api.AuthenticateAsync("opaque-4711"));

        Assert.Null(exception);
    }

    [Fact]
    public async Task Mappings_apply_to_cached_responses_too()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true,"orgId":"o","realm_access":{"roles":["a"]}}""");
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                options.ClaimMappings["orgId"] = "org_id";
                options.ClaimMappings["realm_access.roles"] = "roles";
            }
        );

        AuthenticateResult cold = await api.AuthenticateAsync("opaque-4711");
        AuthenticateResult warm = await api.AuthenticateAsync("opaque-4711");

        Assert.Equal("""org_id=o | realm_access={"roles":["a"]} | roles=a""", cold.Principal?.Describe());
        Assert.Equal(cold.Principal?.Describe(), warm.Principal?.Describe());
        Assert.Equal(1, server.CallCount);
    }

    private static Task<ClaimsPrincipal> ReadAsync(string members, string path, string name) =>
        ResponsePrincipal.ReadAsync("""{"active":true,""" + members[1..], options => options.ClaimMappings[path] = name);
}
