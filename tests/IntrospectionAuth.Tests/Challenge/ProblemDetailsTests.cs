using System.Net;
using System.Text.Json;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Challenge;

/// <summary>The body of a challenge, for callers that accept one.</summary>
public sealed class ProblemDetailsTests
{
    private const string Token = "opaque-4711";

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/*")]
    [InlineData("application/json")]
    [InlineData("Application/JSON; charset=utf-8")]
    [InlineData("application/problem+json")]
    [InlineData("text/html, application/json;q=0.1")]
    [InlineData("text/html, */*;q=0.8")]
    [InlineData("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2")] // Java's HttpURLConnection
    [InlineData("(,\"application/json,application/json")]
    public async Task A_caller_that_accepts_JSON_gets_problem_details(string? accept)
    {
        using HttpResponseMessage response = await SendAsync("/me", Token, accept);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/*")]
    [InlineData("image/png, text/plain;q=0.5")]
    [InlineData("application/xml")]
    [InlineData("application/json;q=0")]
    [InlineData("application/problem+json;q=0.0, text/html")]
    [InlineData("not a media type")]
    public async Task A_caller_that_does_not_accept_JSON_gets_no_body(string accept)
    {
        using HttpResponseMessage response = await SendAsync("/me", Token, accept);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\", error_description=\"The access token is not active.\"", response.Challenges());
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.Null(response.Content.Headers.ContentType);
    }

    [Theory]
    [InlineData(512, "application/problem+json")]
    [InlineData(513, null)]
    public async Task An_Accept_header_is_read_up_to_512_characters(int length, string? contentType)
    {
        using HttpResponseMessage response = await SendAsync("/me", Token, "application/json,".PadRight(length, 'a'));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>The framework's parser would need a second for each request, even for one without a token.</summary>
    [Theory]
    [InlineData("(", ' ', false)]
    [InlineData("(", ' ', true)]
    [InlineData("a/b;c=\"", 'a', false)]
    [InlineData("a/b;c=\"", 'a', true)]
    public async Task An_Accept_header_that_is_slow_to_parse_is_not_parsed(string start, char repeated, bool problemDetails)
    {
        string accept = start.PadRight(30_000, repeated) + "(, application/json"; // which the framework's parser would find

        using HttpResponseMessage response = await SendAsync(
            "/me",
            token: null,
            accept,
            services =>
            {
                if (problemDetails)
                    services.AddProblemDetails();
            }
        );

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Challenges());
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/me", null, 401, "Unauthorized", null, null)]
    [InlineData("/me", "a b", 400, "Bad Request", "invalid_request", "The access token is not presented correctly.")]
    [InlineData("/me", Token, 401, "Unauthorized", "invalid_token", "The access token is not active.")]
    [InlineData("/write", "reader-0815", 403, "Forbidden", "insufficient_scope", "The access token lacks a required scope.")]
    [InlineData("/editors", "reader-0815", 403, "Forbidden", null, null)]
    [InlineData("/me", "unknown-0815", 503, "Service Unavailable", null, "The access token cannot be checked at the moment.")]
    public async Task Problem_details_match_the_headers(string path, string? token, int status, string title, string? error, string? detail)
    {
        using HttpResponseMessage response = await SendAsync(path, token, "application/json");

        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(title, problem.RootElement.GetProperty("title").GetString());
        Assert.Equal(error, TextOf(problem, "error"));
        Assert.Equal(detail, TextOf(problem, "detail"));
    }

    [Fact]
    public async Task Without_error_details_problem_details_have_no_detail()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server, options => options.IncludeErrorDetails = false);

        using HttpResponseMessage response = await api.GetAsync("/me", Token);

        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Null(TextOf(problem, "detail"));
        Assert.Equal("invalid_token", TextOf(problem, "error"));
    }

    [Fact]
    public async Task A_HEAD_request_gets_status_and_headers_and_no_body()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(_ => { }),
                Endpoints = app => app.MapMethods("/head", ["HEAD"], () => "").RequireAuthorization(),
            }
        );
        using var request = new HttpRequestMessage(HttpMethod.Head, "/head");
        request.Headers.Authorization = new("Bearer", Token);

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\", error_description=\"The access token is not active.\"", response.Challenges());
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.Null(response.Content.Headers.ContentType);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Status_code_pages_do_not_write_a_second_body(bool problemDetails)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(_ => { });
                    if (problemDetails)
                        services.AddProblemDetails();
                },
                Endpoints = app =>
                {
                    app.UseStatusCodePages();
                    app.UseAuthentication();
                    app.UseAuthorization();
                },
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/me", Token);

        string body = await response.Content.ReadAsStringAsync();
        using JsonDocument problem = JsonDocument.Parse(body); // throws for a second body
        Assert.Equal("invalid_token", TextOf(problem, "error"));
        Assert.DoesNotContain("Status Code", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_added_to_a_response_that_an_event_wrote()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
                options.Events.OnChallenge = async context =>
                {
                    context.HandleResponse();
                    context.Response.StatusCode = 418;
                    await context.Response.WriteAsync("mine");
                }
        );

        using HttpResponseMessage response = await api.GetAsync("/me", Token);

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal("mine", await response.Content.ReadAsStringAsync());
        Assert.Equal("", response.Challenges());
    }

    [Fact]
    public async Task No_body_is_added_when_an_event_handled_the_challenge_without_one()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true}""");
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
                options.Events.OnForbidden = context =>
                {
                    context.HandleResponse();
                    context.Response.StatusCode = 404;
                    return Task.CompletedTask;
                }
        );

        using HttpResponseMessage response = await api.GetAsync("/write", Token);

        Assert.Equal(404, (int)response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.Equal("", response.Challenges());
    }

    [Theory]
    [InlineData(401, "theirs", "theirs")]
    [InlineData(404, "", "")]
    public async Task No_body_is_added_when_the_applications_result_handler_changed_the_status(int status, string body, string expected)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddSingleton<IAuthorizationMiddlewareResultHandler>(
                        new DelegateResultHandler(
                            async (context, _, _, inner) =>
                            {
                                await inner();
                                context.Response.StatusCode = status;
                                if (body.Length > 0)
                                    await context.Response.WriteAsync(body);
                            }
                        )
                    );
                    services.AddAuthentication().AddOAuthIntrospection(_ => { });
                },
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/me", Token);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The token reader-0815 may read; for unknown-0815 the server is down; any other is inactive.</summary>
    private static async Task<HttpResponseMessage> SendAsync(
        string path,
        string? token,
        string? accept,
        Action<IServiceCollection>? addServices = null
    )
    {
        await using var server = FakeAuthorizationServer.Create();
        server.IssueToken(issued => (issued.Value, issued.Scopes) = ("reader-0815", ["read"]));
        if (token == "unknown-0815")
            server.RespondWith(503);
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(_ => { });
                    addServices?.Invoke(services);
                },
                Endpoints = app => app.MapGet("/editors", () => "").RequireAuthorization(policy => policy.RequireRole("editor")),
            }
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);

        return await api.Client.SendAsync(request);
    }

    private static string? TextOf(JsonDocument problem, string name) =>
        problem.RootElement.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
