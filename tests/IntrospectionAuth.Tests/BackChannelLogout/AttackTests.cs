using System.Text;
using IntrospectionAuth.PushedRevocation;
using IntrospectionAuth.Tests.Responses;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.BackChannelLogout;

/// <summary>What anyone can send to the endpoint: it removes nothing, and costs the authorization server nothing.</summary>
public sealed class AttackTests
{
    [Trait("Load", "Heavy")]
    [Fact]
    public async Task Ten_thousand_forged_tokens_remove_nothing_fetch_the_keys_once_and_are_logged_once_a_minute()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        await api.UseAsync("u1.s1");
        ServerKey other = ServerKey.Ec();
        string[] forged =
        [
            .. Enumerable
                .Range(0, 100)
                .Select(i =>
                {
                    SignedResponse token = api.CreateToken();
                    token.Key = other.Pair;
                    token.Header["kid"] = i % 2 == 0 ? "key-1" : $"unknown-{i}";
                    return token.ToString();
                }),
        ];
        int before = api.Server.Http.Requests.Count;

        await Parallel.ForAsync(
            0,
            10_000,
            async (i, _) =>
            {
                using HttpResponseMessage response = await api.SendAsync(forged[i % forged.Length]);
                Assert.Equal(400, (int)response.StatusCode);
            }
        );

        Assert.Empty(await api.FindRemovedAsync("u1.s1"));
        Assert.Equal(1, api.Server.KeyFetches);
        Assert.Equal(2, api.Server.Http.Requests.Count - before); // the metadata and the keys
        Assert.Equal(1, api.Log.Count("EventRejected"));
    }

    [Trait("Load", "Heavy")]
    [Fact]
    public async Task Ten_thousand_forged_tokens_after_a_valid_one_cause_one_fetch_of_the_keys_a_minute()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        Assert.Equal(200, await api.GetStatusAsync(api.CreateToken()));
        api.Time.Advance(TimeSpan.FromMinutes(1));
        SignedResponse token = api.CreateToken();
        token.Key = ServerKey.Ec().Pair;
        string forged = token.ToString();

        await Parallel.ForAsync(0, 10_000, async (_, _) => (await api.SendAsync(forged)).Dispose());

        Assert.Equal(2, api.Server.KeyFetches);
        Assert.Equal(200, await api.GetStatusAsync(api.CreateToken()));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("alg none")]
    [InlineData("another issuer")]
    [InlineData("another audience")]
    [InlineData("expired")]
    [InlineData("an ID token")]
    public async Task A_token_that_a_cheap_check_rejects_calls_no_server(string what)
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        SignedResponse token = api.CreateToken();
        switch (what)
        {
            case "alg none":
                token.Header["alg"] = "none";
                break;
            case "another issuer":
                token.Claims["iss"] = "https://attacker.example.com";
                break;
            case "another audience":
                token.Claims["aud"] = "other";
                break;
            case "expired":
                token.Claims["exp"] = token.Claims["iat"]!.GetValue<long>() - 3600;
                break;
            case "an ID token":
                token.Header["typ"] = "JWT";
                token.Claims.Remove("events");
                break;
        }

        using HttpResponseMessage response = await api.SendAsync(what == "garbage" ? new string('a', 1000) : token.ToString());

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Empty(api.Server.Http.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_is_read_up_to_a_limit(bool isChunked)
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        SignedResponse longest = api.CreateToken();
        string oneMore = new('a', PushedTokenVerifier.MaximumLength + 1);

        Assert.Equal(200, await PostAsync($"logout_token={Pad(longest)}"));
        Assert.Equal(400, await PostAsync($"logout_token={oneMore}"));
        Assert.Equal(400, await PostAsync($"logout_token={api.CreateToken()}&x={new string('a', 1024 * 1024)}"));
        Assert.Equal(
            400,
            await PostAsync($"logout_token={api.CreateToken()}{string.Concat(Enumerable.Range(0, 20).Select(i => $"&{i}="))}")
        );
        Assert.Equal(400, await PostAsync($"logout_token={api.CreateToken()}&{new string('a', 1024)}=x"));

        async Task<int> PostAsync(string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, LogoutApi.Path);
            request.Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded");
            request.Headers.TransferEncodingChunked = isChunked;
            using HttpResponseMessage response = await api.Client.SendAsync(request);
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task One_of_many_concurrent_copies_of_a_token_takes_effect()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        string token = api.CreateToken().ToString();

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => api.SendAsync(token)));

        Assert.Single(responses, response => (int)response.StatusCode == 200);
        Assert.Equal(49, responses.Count(response => (int)response.StatusCode == 400));
    }

    [Fact]
    public async Task A_token_cannot_be_replayed_until_it_expires_nor_afterwards()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        SignedResponse token = api.CreateToken();
        Assert.Equal(200, await api.GetStatusAsync(token));

        for (int seconds = 0; seconds < 600; seconds += 10)
        {
            api.Time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(400, await api.GetStatusAsync(token));
        }
    }

    [Fact]
    public async Task Nothing_of_a_token_reaches_the_response_or_the_log()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        SignedResponse token = api.CreateToken();
        token.Claims["sub"] = "alice@example.com";
        token.Claims["sid"] = "session-of-alice";
        token.Claims["jti"] = "unique-id";
        Assert.Equal(200, await api.GetStatusAsync(token));

        string replayed = await (await api.SendAsync(token)).Content.ReadAsStringAsync();
        token.Claims["iss"] = "https://attacker.example.com";
        string forged = await (await api.SendAsync(token)).Content.ReadAsStringAsync();

        foreach (string text in new[] { replayed, forged, api.Log.Text })
        {
            foreach (string secret in new[] { "alice", "unique-id", "attacker", token.ToString().Split('.')[1] })
                Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_scheme_that_has_lost_its_issuer_in_a_reload_accepts_no_token()
    {
        bool isLost = false;
        await using LogoutApi api = await LogoutApi.StartAsync(services: services =>
            services.Configure<OAuthIntrospectionOptions>(
                OAuthIntrospectionDefaults.AuthenticationScheme,
                options =>
                {
                    options.IntrospectionEndpoint = options.Authority + "/introspect";
                    options.Authority = isLost ? null : options.Authority;
                }
            )
        );
        Assert.Equal(200, await api.GetStatusAsync(api.CreateToken()));

        isLost = true;
        api.Services.GetRequiredService<IOptionsMonitorCache<OAuthIntrospectionOptions>>().Clear();

        using HttpResponseMessage response = await api.SendAsync(api.CreateToken());
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(
            """{"error":"temporarily_unavailable","error_description":"The scheme has no Authority or ClientId any more."}""",
            await response.Content.ReadAsStringAsync()
        );
    }

    /// <summary>Lengthens a token to the limit exactly.</summary>
    private static string Pad(SignedResponse token)
    {
        for (int inHeader = 0; inHeader < 4; inHeader++)
        {
            token.Header["x"] = new string('x', inHeader);
            token.Claims["x"] = "";
            int length = ((PushedTokenVerifier.MaximumLength - token.ToString().Length) * 3 / 4) - 2;
            for (int more = 0; more < 8; more++)
            {
                token.Claims["x"] = new string('x', length + more);
                string text = token.ToString();
                if (text.Length == PushedTokenVerifier.MaximumLength)
                    return text;
            }
        }

        throw new InvalidOperationException("No padding has the length.");
    }
}
