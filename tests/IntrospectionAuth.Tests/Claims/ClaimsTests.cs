using System.Security.Claims;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Tests.Claims;

/// <summary>The claims of a response.</summary>
public sealed class ClaimsTests
{
    [Theory]
    [InlineData("\"read\"", "scope=read")]
    [InlineData("\"read write\"", "scope=read | scope=write")]
    [InlineData("\"  read   write  \"", "scope=read | scope=write")]
    [InlineData("\"read write read\"", "scope=read | scope=write")]
    [InlineData("\"read Read READ\"", "scope=read | scope=Read | scope=READ")]
    [InlineData("\"read,write\"", "scope=read,write")]
    [InlineData("\"read\\twrite\\nx\"", "scope=read\twrite\nx")]
    [InlineData("\"record_permission:read a/b\"", "scope=record_permission:read | scope=a/b")]
    [InlineData("[\"read\",\"write\"]", "scope=read | scope=write")]
    [InlineData("[\"read write\",\"admin read\"]", "scope=read | scope=write | scope=admin")]
    [InlineData("[\"read\",null,5,true,{\"a\":\"x admin y\"},[\"admin\"],\"write\"]", "scope=read | scope=write")]
    [InlineData("\"\"", "")]
    [InlineData("\"   \"", "")]
    [InlineData("[]", "")]
    [InlineData("[\"\",\" \"]", "")]
    [InlineData("null", "")]
    [InlineData("5", "")]
    [InlineData("true", "")]
    [InlineData("{\"a\":\"x admin y\"}", "")]
    [InlineData("{\"read\":true}", "")]
    public async Task There_is_one_claim_for_each_scope(string scope, string claims)
    {
        ClaimsPrincipal principal = await ResponsePrincipal.ReadAsync($$"""{"active":true,"scope":{{scope}}}""");

        Assert.Equal(claims, principal.Describe());
    }

    [Fact]
    public async Task Members_keep_their_names_and_their_order()
    {
        ClaimsPrincipal principal = await ResponsePrincipal.ReadAsync(
            """
            {"zoneinfo":"z","sub":"s","active":true,"client_id":"c","username":"u","scope":"a b","iss":"https://a.example","aud":["x","y"],
             "org_id":"o","workspace_id":"w","http://schemas.example/Name":"n","unknown_member":"k","roles":["r1","r2"]}
            """
        );

        Assert.Equal(
            "zoneinfo=z | sub=s | client_id=c | username=u | scope=a | scope=b | iss=https://a.example | aud=x | aud=y | "
                + "org_id=o | workspace_id=w | http://schemas.example/Name=n | unknown_member=k | roles=r1 | roles=r2",
            principal.Describe()
        );
    }

    [Fact]
    public async Task Nulls_and_active_become_no_claims()
    {
        ClaimsPrincipal principal = await ResponsePrincipal.ReadAsync(
            """{"active":true,"exp":null,"workspace_logo_url":null,"list":[null,"a",null],"text":"null"}"""
        );

        Assert.Equal("list=a | text=null", principal.Describe());
    }

    [Theory]
    [InlineData("\"a\"", "a", ClaimValueTypes.String)]
    [InlineData("5", "5", ClaimValueTypes.Integer64)]
    [InlineData("-9223372036854775808", "-9223372036854775808", ClaimValueTypes.Integer64)]
    [InlineData("12345678901234567890", "12345678901234567890", ClaimValueTypes.Double)]
    [InlineData("1.5", "1.5", ClaimValueTypes.Double)]
    [InlineData("true", "true", ClaimValueTypes.Boolean)]
    [InlineData("false", "false", ClaimValueTypes.Boolean)]
    [InlineData("{\"street\": \"é\", \"n\": [1,null]}", "{\"street\": \"é\", \"n\": [1,null]}", "JSON")]
    [InlineData("[[1, 2]]", "[1, 2]", "JSON_ARRAY")]
    public async Task A_claim_has_the_value_type_of_the_member(string value, string text, string valueType)
    {
        ClaimsPrincipal principal = await ResponsePrincipal.ReadAsync($$"""{"active":true,"x":{{value}}}""");

        Claim claim = Assert.Single(principal.Claims);
        Assert.Equal(("x", text, valueType), (claim.Type, claim.Value, claim.ValueType));
    }

    [Fact]
    public async Task Each_element_of_an_array_has_its_own_value_type()
    {
        ClaimsPrincipal principal = await ResponsePrincipal.ReadAsync("""{"active":true,"x":["a",1,1.5,true,{"b":2},"a"]}""");

        Assert.Equal(
            [
                ClaimValueTypes.String,
                ClaimValueTypes.Integer64,
                ClaimValueTypes.Double,
                ClaimValueTypes.Boolean,
                "JSON",
                ClaimValueTypes.String,
            ],
            principal.Claims.Select(claim => claim.ValueType),
            StringComparer.Ordinal
        );
        Assert.Equal("x=a | x=1 | x=1.5 | x=true | x={\"b\":2} | x=a", principal.Describe());
    }

    [Theory]
    [InlineData("""{"active":true,"sub":"a","iss":"https://a.example"}""", "https://a.example")]
    [InlineData("""{"iss":"https://a.example","sub":"a","active":true}""", "https://a.example")]
    [InlineData("""{"active":true,"sub":"a"}""", "OAuthIntrospection")]
    [InlineData("""{"active":true,"sub":"a","iss":null}""", "OAuthIntrospection")]
    [InlineData("""{"active":true,"sub":"a","iss":""}""", "OAuthIntrospection")]
    [InlineData("""{"active":true,"sub":"a","iss":5}""", "OAuthIntrospection")]
    public async Task The_issuer_of_every_claim_is_iss_or_otherwise_the_scheme(string body, string issuer)
    {
        ClaimsPrincipal principal = await ResponsePrincipal.ReadAsync(body);

        Assert.NotEmpty(principal.Claims);
        Assert.All(principal.Claims, claim => Assert.Equal((issuer, issuer), (claim.Issuer, claim.OriginalIssuer)));
    }

    [Theory]
    [InlineData("""{"active":true,"sub":"a"}""", "https://b.example")]
    [InlineData("""{"active":true,"sub":"a","iss":"https://a.example"}""", "https://a.example")]
    public async Task ClaimsIssuer_is_the_issuer_of_the_claims_of_a_response_without_iss(string body, string issuer)
    {
        ClaimsPrincipal principal = await ResponsePrincipal.ReadAsync(body, static options => options.ClaimsIssuer = "https://b.example");

        Assert.Equal(issuer, principal.FindFirst("sub")?.Issuer);
    }

    [Fact]
    public async Task Claims_come_from_the_response_and_never_from_the_token()
    {
        // {"alg":"none"} . {"sub":"admin","scope":"admin","iss":"https://evil.example"} .
        const string Token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiIsInNjb3BlIjoiYWRtaW4iLCJpc3MiOiJodHRwczovL2V2aWwuZXhhbXBsZSJ9.";
        await using var server = Testing.FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true,"sub":"user"}""");
        await using Support.TestApi api = await Support.TestApi.StartAsync(server);

        AuthenticateResult result = await api.AuthenticateAsync(Token);

        Assert.Equal("sub=user", result.Principal?.Describe());
    }

    [Fact]
    public async Task The_identity_has_the_scheme_a_name_and_roles()
    {
        ClaimsPrincipal principal = await ResponsePrincipal.ReadAsync(
            """{"active":true,"username":"ann","roles":["editor","author"],"role":"admin","name":"other"}"""
        );

        Assert.Equal("OAuthIntrospection", principal.Identity?.AuthenticationType);
        Assert.True(principal.Identity?.IsAuthenticated);
        Assert.Equal("ann", principal.Identity?.Name);
        Assert.True(principal.IsInRole("editor") && principal.IsInRole("author"));
        Assert.False(principal.IsInRole("admin"));
    }

    /// <summary>A user may be able to add members at the server.</summary>
    [Theory]
    [InlineData("itself")]
    [InlineData("with created claims")]
    [InlineData("with another claim")]
    [InlineData("a clone")]
    [InlineData("a clone's clone")]
    public async Task Claim_types_are_case_sensitive(string kind)
    {
        ClaimsPrincipal principal = await ResponsePrincipal.ReadAsync(
            """
            {"active":true,"Sub":"victim","Username":"Victim","Roles":["admin"],"Org_id":"victims",
             "sub":"attacker","username":"Attacker","roles":["user"]}
            """
        );
        if (kind == "with created claims")
            _ = principal.Claims.Count();
        if (kind == "with another claim")
            ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim("Added", "1"));
        if (kind.StartsWith("a clone", StringComparison.Ordinal))
            principal = principal.Clone();
        if (kind == "a clone's clone")
            principal = principal.Clone();

        Assert.Equal("attacker", principal.FindFirst("sub")?.Value);
        Assert.Equal("victim", principal.FindFirst("Sub")?.Value);
        Assert.Equal("Attacker", principal.Identity?.Name);
        Assert.Null(principal.FindFirst("org_id"));
        Assert.Equal(["user"], principal.FindAll("roles").Select(static claim => claim.Value));
        Assert.True(principal.IsInRole("user"));
        Assert.False(principal.IsInRole("admin"));
        Assert.False(principal.HasClaim("sub", "victim"));
    }

    [Fact]
    public async Task The_claim_types_of_name_and_role_are_options()
    {
        ClaimsPrincipal principal = await ResponsePrincipal.ReadAsync(
            """{"active":true,"username":"ann","name":"Ann","role":"admin"}""",
            options =>
            {
                options.NameClaimType = "name";
                options.RoleClaimType = "role";
            }
        );

        Assert.Equal("Ann", principal.Identity?.Name);
        Assert.True(principal.IsInRole("admin"));
    }

    [Fact]
    public async Task The_ticket_contains_when_the_token_was_issued_and_expires()
    {
        AuthenticateResult result = await ResponsePrincipal.AuthenticateAsync("""{"active":true,"iat":1700000000,"exp":4102444800}""");

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), result.Properties?.IssuedUtc);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(4_102_444_800), result.Properties?.ExpiresUtc);
        Assert.Equal("OAuthIntrospection", result.Ticket?.AuthenticationScheme);
        Assert.Null(result.Properties?.GetTokenValue("access_token"));
    }

    [Fact]
    public async Task The_token_is_saved_with_the_ticket_on_request()
    {
        AuthenticateResult result = await ResponsePrincipal.AuthenticateAsync("""{"active":true}""", options => options.SaveToken = true);

        Assert.Equal("opaque-4711", result.Properties?.GetTokenValue("access_token"));
    }

    [Theory]
    [InlineData("""{"active":true,"":"a"}""", "=a")]
    [InlineData("""{"active":true,"x":"\u0000\r\n"}""", "x=\0\r\n")]
    [InlineData("""{"active":true,"x":[]}""", "")]
    [InlineData("""{"active":true}""", "")]
    public async Task Unusual_members_are_accepted(string body, string claims)
    {
        ClaimsPrincipal principal = await ResponsePrincipal.ReadAsync(body);

        Assert.Equal(claims, principal.Describe());
    }
}
