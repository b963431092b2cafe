using System.Net;
using System.Text;
using IntrospectionAuth.ClientCredentials;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Tokens;

/// <summary>Opaque tokens with characters other than those of RFC 6750, such as those of Salesforce, over a real socket.</summary>
public sealed class AdditionalTokenCharactersTests : IAsyncDisposable
{
    private const string InvalidRequest =
        "Bearer error=\"invalid_request\", error_description=\"The access token is not presented correctly.\"";
    private const string Token = "00Dxx0000001gPL!AR8AQJXg5oj8jXSgxJfA0lBog";
    private const string OfBearerTokens = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/";

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public AdditionalTokenCharactersTests() =>
        _server.IssueToken(token =>
        {
            token.Value = Token;
            token.Subject = "user-7";
        });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("header")]
    [InlineData("query")]
    [InlineData("escaped query")]
    [InlineData("form")]
    [InlineData("event")]
    public async Task A_token_with_additional_characters_is_accepted_in_every_place_and_sent_unchanged(string place)
    {
        await using KestrelApi api = await StartAsync("!", place);

        using HttpResponseMessage response = await SendAsync(api, place, Token);
        using HttpResponseMessage again = await SendAsync(api, place, Token);

        Assert.Equal(("user-7", "user-7"), (await response.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync()));
        Assert.Equal(Token, Assert.Single(_server.Calls).Token);
    }

    [Theory]
    [InlineData("header", "", Token)]
    [InlineData("query", "", Token)]
    [InlineData("escaped query", "", Token)]
    [InlineData("form", "", Token)]
    [InlineData("event", "", Token)]
    [InlineData("header", "!", "a#b")]
    [InlineData("header", "!", "a!,b")]
    [InlineData("header", "!", "a! b")]
    [InlineData("header", "!", "a!\"b\"")]
    [InlineData("event", "!#$%&()*:;<=>?@[]^`{|}", "a\r\nX-Injected: yes")]
    [InlineData("event", "!#$%&()*:;<=>?@[]^`{|}", "a\0b")]
    [InlineData("event", "!#$%&()*:;<=>?@[]^`{|}", "a\u007fb")]
    [InlineData("event", "!#$%&()*:;<=>?@[]^`{|}", "a\u00e9b")]
    [InlineData("event", "!#$%&()*:;<=>?@[]^`{|}", "a\tb")]
    [InlineData("event", "!", "")]
    public async Task A_token_with_any_other_character_is_malformed_and_costs_no_call(string place, string additional, string token)
    {
        await using KestrelApi api = await StartAsync(additional, place);

        using HttpResponseMessage response = await SendAsync(api, place, token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(InvalidRequest, response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task A_token_with_additional_characters_is_sent_unchanged_as_the_credential()
    {
        string? authorization = null;
        _server.RespondWith(context =>
        {
            authorization = context.Request.Headers.Authorization;
            return context.Response.WriteAsJsonAsync(new { active = true, sub = "user-7" });
        });
        const string EveryCharacter = OfBearerTokens + "!#$%&()*:;<=>?@[]^`{|}";
        await using KestrelApi api = await StartAsync(
            "!#$%&()*:;<=>?@[]^`{|}",
            "header",
            options =>
            {
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.PresentedToken;
                options.TokenTypeHint = null;
            }
        );

        using HttpResponseMessage response = await SendAsync(api, "header", EveryCharacter);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Bearer " + EveryCharacter, authorization);
    }

    [Fact]
    public async Task Additional_characters_are_rejected_after_they_are_removed_from_the_options_even_for_a_cached_token()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                    services.AddAuthentication().AddOAuthIntrospection(options => options.AdditionalTokenCharacters = "!"),
            }
        );
        (await api.GetAsync("/me", Token)).EnsureSuccessStatusCode().Dispose();

        api
            .Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>()
            .Get(OAuthIntrospectionDefaults.AuthenticationScheme)
            .AdditionalTokenCharacters = "";
        using HttpResponseMessage response = await api.GetAsync("/me", Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task The_introspector_treats_the_same_tokens_as_malformed()
    {
        await using TestApi strict = await TestApi.StartAsync(_server);
        await using TestApi api = await TestApi.StartAsync(_server, options => options.AdditionalTokenCharacters = "!");

        OAuthIntrospectionResult refused = await strict.Services.GetRequiredService<OAuthIntrospector>().IntrospectAsync(Token);
        OAuthIntrospectionResult accepted = await api.Services.GetRequiredService<OAuthIntrospector>().IntrospectAsync(Token);

        Assert.Equal((OAuthIntrospectionFailure.MalformedRequest, true), (refused.Failure, accepted.Succeeded));
    }

    [Theory]
    [InlineData("sf!", "sf!1", "A")]
    [InlineData("00D", Token, "A")]
    [InlineData("b_", "b_!", "B")] // the first rule's scheme does not know the character, but another one does
    public async Task A_selector_forwards_such_tokens_by_its_rules(string prefix, string token, string scheme)
    {
        _server.RespondWith(200, """{"active":true}""");
        await using KestrelApi api = await KestrelApi.StartAsync(
            services =>
                services
                    .AddAuthentication("Selector")
                    .AddBearerSelector(
                        "Selector",
                        selector => selector.ForwardPrefix("x_", "Strict").ForwardPrefix(prefix, scheme).DefaultScheme = "Strict"
                    )
                    .AddOAuthIntrospection("A", options => options.AdditionalTokenCharacters = "!")
                    .AddOAuthIntrospection("B", options => options.AdditionalTokenCharacters = "!")
                    .AddOAuthIntrospection("Strict", options => options.Realm = "strict")
                    .Services.UseFakeAuthorizationServer(_server, "A")
                    .UseFakeAuthorizationServer(_server, "B")
                    .UseFakeAuthorizationServer(_server, "Strict"),
            app => app.Map("/{**rest}", (HttpContext context) => context.User.Identity!.AuthenticationType).RequireAuthorization()
        );

        using HttpResponseMessage chosen = await api.SendAsync(HttpMethod.Get, "/", authorization: "Bearer " + token);
        using HttpResponseMessage strict = await api.SendAsync(HttpMethod.Get, "/", authorization: "Bearer x_!");

        Assert.Equal(scheme, await chosen.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, strict.StatusCode);
        Assert.StartsWith(
            "Bearer realm=\"strict\", error=\"invalid_request\"",
            strict.Headers.WwwAuthenticate.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void This_APIs_own_token_may_contain_additional_characters()
    {
        byte[] body = Encoding.UTF8.GetBytes($$"""{"access_token":"{{Token}}","token_type":"Bearer"}""");

        Assert.NotNull(TokenReader.Read(body).Fault);
        Assert.Equal(
            Token,
            TokenReader.Read(body, new OAuthIntrospectionOptions { AdditionalTokenCharacters = "!" }.TokenCharacters).Value.Token
        );
    }

    [Fact]
    public void Only_visible_ASCII_without_separators_and_quotes_can_be_added()
    {
        for (int code = 0; code <= char.MaxValue; code++)
        {
            char character = (char)code;
            var options = new OAuthIntrospectionOptions();
            Exception? exception = Record.Exception(() => options.AdditionalTokenCharacters = $"!{character}");

            bool mayBeAdded = character is > ' ' and < '\u007f' && !", \"'\\".Contains(character, StringComparison.Ordinal);
            Assert.True(mayBeAdded == (exception is null), $"U+{code:X4}");
            if (exception is not null)
            {
                Assert.IsType<ArgumentException>(exception);
                Assert.Equal("", options.AdditionalTokenCharacters);
                continue;
            }

            Assert.False(AuthorizationReader.ReadToken($"a{character}b", 10, options.TokenCharacters).IsMalformed);
        }
    }

    [Fact]
    public void Additional_characters_allow_no_other_character()
    {
        var options = new OAuthIntrospectionOptions { AdditionalTokenCharacters = "!$" };

        for (int code = 0; code <= char.MaxValue; code++)
        {
            char character = (char)code;
            bool isAllowed = (OfBearerTokens + "!$").Contains(character, StringComparison.Ordinal);

            Assert.Equal(isAllowed, !AuthorizationReader.ReadToken($"a{character}b", 10, options.TokenCharacters).IsMalformed);
            Assert.Equal(isAllowed, !AuthorizationReader.ReadToken($"{character}ab", 10, options.TokenCharacters).IsMalformed);
        }
    }

    [Theory]
    [InlineData("! ")]
    [InlineData("!,")]
    [InlineData("\\\"")]
    [InlineData("'")]
    [InlineData("\\\\")]
    [InlineData("\\u0000")]
    [InlineData("\\n")]
    [InlineData("\\u007f")]
    [InlineData("\\u00e9")]
    public void Other_characters_in_configuration_stop_the_application_with_a_message(string value)
    {
        var exception = Assert.Throws<OptionsValidationException>(() =>
            SchemeOptions.FromJson($$"""{ "AdditionalTokenCharacters": "{{value}}" }""")
        );

        Assert.Contains(
            "AdditionalTokenCharacters has a character that cannot be added. Use visible ASCII characters except comma, "
                + "quote, apostrophe and backslash",
            Assert.Single(exception.Failures),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("00D!", "!", true)]
    [InlineData("00D!", "", false)]
    [InlineData("00D#", "!", false)]
    public async Task A_prefix_of_the_token_filter_may_contain_additional_characters_but_no_others(
        string prefix,
        string additional,
        bool starts
    )
    {
        Task<TestApi> starting = TestApi.StartAsync(
            _server,
            options =>
            {
                options.AdditionalTokenCharacters = additional;
                options.TokenFilter.Prefixes.Add(prefix);
            }
        );

        if (starts)
        {
            await using TestApi api = await starting;
            using HttpResponseMessage other = await api.GetAsync("/me", Token);
            Assert.Equal((HttpStatusCode.Unauthorized, 0), (other.StatusCode, _server.CallCount));
            return;
        }

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => starting);
        Assert.Contains("or add them to AdditionalTokenCharacters.", exception.Message, StringComparison.Ordinal);
    }

    private Task<KestrelApi> StartAsync(string additional, string place, Action<OAuthIntrospectionOptions>? configure = null) =>
        KestrelApi.StartAsync(
            _server,
            options =>
            {
                options.AdditionalTokenCharacters = additional;
                options.TokenRetrieval.QueryPaths.Add("/hubs");
                options.TokenRetrieval.FormBody = true;
                if (place == "event")
                {
                    options.Events.OnMessageReceived = context =>
                    {
                        context.Token = Uri.UnescapeDataString(context.Request.Query["x"].ToString());
                        return Task.CompletedTask;
                    };
                }

                configure?.Invoke(options);
            },
            app => app.Map("/{**rest}", (HttpContext context) => context.User.FindFirst("sub")?.Value).RequireAuthorization()
        );

    private static Task<HttpResponseMessage> SendAsync(KestrelApi api, string place, string token) =>
        place switch
        {
            "query" => api.SendAsync(HttpMethod.Get, "/hubs?access_token=" + token),
            "escaped query" => api.SendAsync(HttpMethod.Get, "/hubs?access_token=" + token.Replace("!", "%21", StringComparison.Ordinal)),
            "form" => api.SendAsync(HttpMethod.Post, "/me", new FormUrlEncodedContent([KeyValuePair.Create("access_token", token)])),
            "event" => api.SendAsync(HttpMethod.Get, "/me?x=" + Uri.EscapeDataString(Uri.EscapeDataString(token))),
            _ => api.SendAsync(HttpMethod.Get, "/me", authorization: "Bearer " + token),
        };
}
