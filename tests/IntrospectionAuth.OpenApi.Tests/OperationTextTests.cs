using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.OpenApi.Tests;

/// <summary>What an operation demands, in words, and how it refuses.</summary>
public sealed class OperationTextTests
{
    private static readonly Dictionary<string, (Action<RouteHandlerBuilder> Require, string? Text)> s_demands = new(StringComparer.Ordinal)
    {
        ["authentication"] = (it => it.RequireAuthorization(), null),
        ["one scope"] = (it => it.RequireScope("read"), "Requires the scope `read`."),
        ["three scopes"] = (it => it.RequireScope("a", "b", "c"), "Requires the scopes `a`, `b` and `c`."),
        ["any scope"] = (it => it.RequireAnyScope("a", "b"), "Requires one of the scopes `a` or `b`."),
        ["acr"] = (it => it.RequireAcr("urn:mfa", "urn:key"), "Requires that the user authenticated with `urn:mfa` or `urn:key` (`acr`)."),
        ["recent"] = (
            it => it.RequireRecentAuthentication(TimeSpan.FromMinutes(5)),
            "Requires that the user authenticated within the last 5 minutes (`max_age`)."
        ),
        ["recent by attribute"] = (
            it => it.WithMetadata(new RequireRecentAuthenticationAttribute(3600)),
            "Requires that the user authenticated within the last hour (`max_age`)."
        ),
        ["fresh"] = (it => it.RequireFreshToken(TimeSpan.Zero), "The authorization server is asked about the token on every request."),
        ["fresh within"] = (
            it => it.RequireFreshToken(TimeSpan.FromSeconds(90)),
            "The authorization server is asked about the token, unless it was asked within the last 90 seconds."
        ),
        ["tenant in the route"] = (
            it => it.RequireTenant("workspace_id", routeValue: "id"),
            "Requires a token that was issued for the tenant in the parameter `id` (the token's `workspace_id`)."
        ),
        ["tenant in a header"] = (
            it => it.RequireTenant("org", header: "X-Org"),
            "Requires a token that was issued for the tenant in the header `X-Org` (the token's `org`)."
        ),
        ["everything"] = (
            it => it.RequireScope("read").RequireAcr("mfa").RequireFreshToken(TimeSpan.FromHours(2)),
            "Requires the scope `read`. Requires that the user authenticated with `mfa` (`acr`). "
                + "The authorization server is asked about the token, unless it was asked within the last 2 hours."
        ),
        ["a scope that would end the code"] = (it => it.RequireScope("a`b"), "Requires the scope ```` a`b ````."),
    };

    public static TheoryData<string> Demands => [.. s_demands.Keys];

    [Theory]
    [MemberData(nameof(Demands))]
    public async Task An_operation_says_in_words_what_it_demands(string name)
    {
        (Action<RouteHandlerBuilder> require, string? text) = s_demands[name];

        JsonObject operation = await GetAsync(require);

        Assert.Equal(text, operation["description"]?.GetValue<string>());
    }

    [Fact]
    public async Task A_description_of_the_application_stays_in_front()
    {
        JsonObject operation = await GetAsync(static it => it.WithDescription("Mine.").RequireScope("read"));

        Assert.Equal("Mine.\n\nRequires the scope `read`.", operation["description"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_refused_request_has_the_headers_and_problem_details_that_the_handler_sends()
    {
        JsonObject operation = await GetAsync(static it => it.RequireScope("read"));

        Assert.Equal(
            ["200", "401 WWW-Authenticate", "403 WWW-Authenticate", "503 Retry-After"],
            operation["responses"]!.AsObject().Select(static it => $"{it.Key} {Headers(it.Value!)}".Trim())
        );
        Assert.All(
            ["401", "403", "503"],
            status =>
                Assert.Equal(
                    "#/components/schemas/OAuthIntrospectionProblem",
                    operation["responses"]![status]!["content"]!["application/problem+json"]!["schema"]!["$ref"]!.GetValue<string>()
                )
        );
    }

    [Theory]
    [InlineData("authentication", false)]
    [InlineData("acr", false)]
    [InlineData("fresh", false)]
    [InlineData("tenant in the route", true)]
    [InlineData("any scope", true)]
    public async Task Only_an_operation_that_may_forbid_a_valid_token_has_403(string name, bool mayForbid)
    {
        JsonObject operation = await GetAsync(s_demands[name].Require);

        Assert.Equal(mayForbid, operation["responses"]!["403"] is not null);
    }

    [Fact]
    public async Task A_403_without_a_scope_has_no_challenge()
    {
        JsonObject operation = await GetAsync(static it => it.RequireAuthorization(static policy => policy.RequireRole("admin")));

        Assert.Equal("", Headers(operation["responses"]!["403"]!));
    }

    [Fact]
    public async Task A_step_up_is_described_at_401()
    {
        JsonObject operation = await GetAsync(static it => it.RequireAcr("mfa"));

        Assert.Contains(
            "insufficient_user_authentication",
            operation["responses"]!["401"]!["description"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_response_that_the_application_describes_is_kept_and_gets_the_header()
    {
        JsonObject operation = await GetAsync(static it =>
            it.RequireScope("read").Produces<string>(StatusCodes.Status401Unauthorized, "text/plain").WithDescription("Mine.")
        );
        JsonNode response = operation["responses"]!["401"]!;

        Assert.Equal("Unauthorized", response["description"]!.GetValue<string>());
        Assert.Equal("text/plain", response["content"]!.AsObject().Single().Key);
        Assert.Equal("WWW-Authenticate", Headers(response));
    }

    private static string Headers(JsonNode response) => string.Join(' ', response["headers"]?.AsObject().Select(static it => it.Key) ?? []);

    private static async Task<JsonObject> GetAsync(Action<RouteHandlerBuilder> require)
    {
        await using DocumentedApi api = await DocumentedApi.StartAsync(app => require(app.MapGet("/it/{id}", static (string id) => id)));
        DocumentedApi.AssertValid(await api.GetTextAsync());
        return await api.GetOperationAsync("/it/{id}");
    }
}
