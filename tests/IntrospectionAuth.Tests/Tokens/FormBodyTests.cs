using System.Net;
using System.Text;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace IntrospectionAuth.Tests.Tokens;

/// <summary>Tokens in a form (RFC 6750, section 2.2), over a real socket.</summary>
public sealed class FormBodyTests : IAsyncDisposable
{
    private const string InvalidRequest =
        "Bearer error=\"invalid_request\", error_description=\"The access token is not presented correctly.\"";
    private const string Token = "opaque-token-4711";

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public FormBodyTests() =>
        _server.IssueToken(token =>
        {
            token.Value = Token;
            token.Subject = "user-7";
        });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task A_token_in_a_form_is_accepted_and_the_endpoint_still_has_the_form(string method)
    {
        await using KestrelApi api = await StartAsync();

        using HttpResponseMessage response = await api.SendAsync(new HttpMethod(method), "/form", Form($"name=value&access_token={Token}"));

        Assert.Equal("user-7 value", await response.Content.ReadAsStringAsync());
        Assert.Equal(Token, Assert.Single(_server.Calls).Token);
        Assert.Null(response.Headers.CacheControl);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=utf-8")]
    [InlineData("APPLICATION/X-WWW-FORM-URLENCODED")]
    public async Task A_content_type_is_compared_without_case_and_parameters(string contentType)
    {
        await using KestrelApi api = await StartAsync();

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Post, "/me", Content($"access_token={Token}", contentType));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_form_is_not_read_by_default()
    {
        await using KestrelApi api = await KestrelApi.StartAsync(_server, _ => { });

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Post, "/me", Form($"access_token={Token}"));
        using HttpResponseMessage twice = await api.SendAsync(HttpMethod.Post, "/me", Form($"access_token={Token}"), "Bearer " + Token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, twice.StatusCode);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task A_form_of_a_method_without_a_body_is_not_read(string method)
    {
        await using KestrelApi api = await StartAsync();

        using HttpResponseMessage response = await api.SendAsync(new HttpMethod(method), "/me", Form($"access_token={Token}"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(0, _server.CallCount);
    }

    [Theory]
    [InlineData(
        "multipart/form-data; boundary=b",
        $"--b\r\nContent-Disposition: form-data; name=\"access_token\"\r\n\r\n{Token}\r\n--b--\r\n"
    )]
    [InlineData("application/json", $"{{\"access_token\":\"{Token}\"}}")]
    [InlineData("text/plain", $"access_token={Token}")]
    [InlineData("application/x-www-form-urlencoded2", $"access_token={Token}")]
    [InlineData("not a content type", $"access_token={Token}")]
    [InlineData(null, $"access_token={Token}")]
    public async Task A_body_that_is_not_a_single_part_form_is_not_read(string? contentType, string body)
    {
        await using KestrelApi api = await StartAsync();

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Post, "/me", Content(body, contentType));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task A_body_that_is_not_a_form_is_left_to_the_endpoint()
    {
        await using KestrelApi api = await StartAsync();

        using HttpResponseMessage response = await api.SendAsync(
            HttpMethod.Post,
            "/body",
            Content("{\"a\":1}", "application/json"),
            "Bearer " + Token
        );

        Assert.Equal("{\"a\":1}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_that_the_application_buffers_can_be_read_again_by_the_endpoint()
    {
        await using KestrelApi api = await StartAsync(app =>
            app.Use(
                    (context, next) =>
                    {
                        context.Request.EnableBuffering();
                        return next(context);
                    }
                )
                .UseAuthentication()
                .UseAuthorization()
        );

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Post, "/body", Form($"a=1&access_token={Token}"));

        Assert.Equal($"a=1&access_token={Token}", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("", $"access_token={Token}&access_token={Token}")]
    [InlineData("", $"access_token={Token}&ACCESS_TOKEN={Token}")]
    [InlineData("", "access_token=")]
    [InlineData("", "access_token")]
    [InlineData("", "access_token=not+one")]
    [InlineData("", "access_token=t%C3%B6ken")]
    [InlineData("", "access_token=a%00b")]
    [InlineData("", "access_token=a%0D%0Ab")]
    [InlineData("", "access_token=a%26token%3Db")]
    [InlineData("Bearer " + Token, $"access_token={Token}")]
    [InlineData("Bearer " + Token, "access_token=other")]
    [InlineData("Bearer " + Token, "access_token=")]
    [InlineData("Bearer", $"access_token={Token}")]
    public async Task Two_tokens_or_a_malformed_one_are_400_without_a_call(string authorization, string form)
    {
        await using KestrelApi api = await StartAsync();

        using HttpResponseMessage response = await api.SendAsync(
            HttpMethod.Post,
            "/me",
            Form(form),
            authorization.Length == 0 ? null : authorization
        );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(InvalidRequest, response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(0, _server.CallCount);
    }

    [Theory]
    [InlineData("a=1", "Bearer " + Token, HttpStatusCode.OK)]
    [InlineData($"access_token={Token}", "Basic YTpi", HttpStatusCode.OK)]
    [InlineData("a=1", null, HttpStatusCode.Unauthorized)]
    [InlineData("", null, HttpStatusCode.Unauthorized)]
    [InlineData("a=1", "Basic YTpi", HttpStatusCode.Unauthorized)]
    public async Task A_form_without_a_token_and_a_header_of_another_scheme_yield_no_token(
        string form,
        string? authorization,
        HttpStatusCode status
    )
    {
        await using KestrelApi api = await StartAsync();

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Post, "/me", Form(form), authorization);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? "" : "Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer " + Token)]
    public async Task A_form_with_too_many_fields_is_400_without_an_exception(string? authorization)
    {
        await using KestrelApi api = await StartAsync();
        string fields = string.Join('&', Enumerable.Range(0, 2000).Select(i => $"f{i}=x"));

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Post, "/me", Form(fields), authorization);
        using HttpResponseMessage open = await api.SendAsync(HttpMethod.Post, "/public", Form(fields), authorization);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        AssertNothingWasThrown(api);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_form_beyond_the_request_size_limit_is_400_without_an_exception(bool isChunked)
    {
        await using KestrelApi api = await KestrelApi.StartAsync(
            _server,
            options => options.TokenRetrieval.FormBody = true,
            kestrel: options => options.Limits.MaxRequestBodySize = 1000
        );
        using HttpResponseMessage closed = await SendAsync("/me");
        using HttpResponseMessage open = await SendAsync("/public");

        Assert.Equal(HttpStatusCode.BadRequest, closed.StatusCode);
        Assert.Equal(InvalidRequest, closed.Headers.WwwAuthenticate.ToString());
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        Assert.Equal(0, _server.CallCount);
        AssertNothingWasThrown(api);

        async Task<HttpResponseMessage> SendAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = Form($"access_token={Token}&x={new string('x', 2000)}"),
            };
            request.Headers.TransferEncodingChunked = isChunked;
            return await api.Client.SendAsync(request);
        }
    }

    [Fact]
    public async Task The_limit_of_the_endpoint_applies()
    {
        await using KestrelApi api = await StartAsync(app =>
            app.MapPost("/small", () => "small").RequireAuthorization().WithMetadata(new SizeLimit(100))
        );

        using HttpResponseMessage small = await api.SendAsync(HttpMethod.Post, "/small", Form($"access_token={Token}"));
        using HttpResponseMessage large = await api.SendAsync(
            HttpMethod.Post,
            "/small",
            Form($"access_token={Token}&x={new string('x', 200)}")
        );

        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, large.StatusCode);
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\naccess_token=" + Token)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n64\r\naccess_token=" + Token)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nnonsense\r\naccess_token=" + Token)]
    public async Task A_truncated_form_is_malformed_and_does_not_throw(string framed)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var authenticated = new TaskCompletionSource<Task<AuthenticateResult>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using KestrelApi api = await StartAsync(app =>
            app.Use(
                    async (HttpContext context, RequestDelegate _) =>
                    {
                        begun.SetResult();
                        Task<AuthenticateResult> authenticating = context.AuthenticateAsync();
                        await Task.WhenAny(authenticating); // the test checks the result
                        authenticated.SetResult(authenticating);
                    }
                )
                .UseAuthentication()
                .UseAuthorization()
        );

        await api.SendRawAsync(
            $"POST /me HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n{framed}",
            leave: begun.Task
        );

        AuthenticateResult result = await await authenticated.Task;
        Assert.Equal(OAuthIntrospectionFailure.MalformedRequest, Assert.IsType<OAuthIntrospectionException>(result.Failure).Failure);
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task The_token_is_in_no_log()
    {
        await using KestrelApi api = await StartAsync();

        (await api.SendAsync(HttpMethod.Post, "/form", Form($"access_token={Token}"))).Dispose();
        (await api.SendAsync(HttpMethod.Post, "/form", Form($"access_token={Token}"), "Bearer " + Token)).Dispose();
        (await api.SendAsync(HttpMethod.Post, "/form", Form($"access_token={Token}%20"))).Dispose();

        Assert.DoesNotContain(
            api.Log.Entries,
            entry =>
                entry.Text.Contains(Token, StringComparison.Ordinal)
                && !entry.Category.StartsWith("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal)
        );
    }

    private static StringContent Form(string text) => Content(text, "application/x-www-form-urlencoded");

    private static StringContent Content(string text, string? contentType)
    {
        var content = new StringContent(text, Encoding.ASCII);
        content.Headers.Remove("Content-Type");
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    private static void AssertNothingWasThrown(KestrelApi api) =>
        Assert.DoesNotContain(
            api.Log.Entries,
            entry =>
                entry.Level >= Microsoft.Extensions.Logging.LogLevel.Warning
                || entry.Text.Contains("unhandled", StringComparison.OrdinalIgnoreCase)
        );

    private Task<KestrelApi> StartAsync(Action<WebApplication>? endpoints = null) =>
        KestrelApi.StartAsync(
            _server,
            options => options.TokenRetrieval.FormBody = true,
            app =>
            {
                endpoints?.Invoke(app);
                app.Map("/form", (HttpRequest request) => $"{request.HttpContext.User.FindFirst("sub")?.Value} {request.Form["name"]}")
                    .RequireAuthorization();
                app.Map("/body", async (HttpRequest request) => await new StreamReader(request.Body).ReadToEndAsync())
                    .RequireAuthorization();
            }
        );

    private sealed class SizeLimit(long bytes) : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => bytes;
    }
}
