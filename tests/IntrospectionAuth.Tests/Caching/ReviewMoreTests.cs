using System.Net;
using System.Security.Claims;
using IntrospectionAuth.Claims;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Caching;

public sealed class ReviewMoreTests : BadDayTest
{
    [Fact]
    public async Task A_flood_on_a_healthy_server_does_not_make_a_stale_answer_serve()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Resilience.MaximumConcurrentCalls = 1;
            options.Resilience.MaximumWait = TimeSpan.Zero;
            options.Cache.MaximumAge = TimeSpan.FromMinutes(1);
            options.Cache.StaleIfUnavailable = TimeSpan.FromMinutes(15);
        });
        string token = Server.IssueToken("read");
        Assert.Equal((HttpStatusCode.OK, 1), await AskAsync(api, token));
        Server.Revoke(token);
        Time.Advance(TimeSpan.FromMinutes(5));
        using HeldAnswers held = Server.HoldAnswers();
        Task<HttpResponseMessage> garbage = api.GetAsync("/read", "garbage");
        await held.WaitForCallsAsync(1);

        HttpStatusCode status = (await AskAsync(api, token)).Status;
        held.Release();
        (await garbage).Dispose();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
    }

    [Fact]
    public async Task A_reload_that_changes_nothing_forgets_no_wish_to_be_left_alone()
    {
        await using TestApi api = await StartAsync();
        Server.AnswerWith(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "60";
            return Task.CompletedTask;
        });
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await AskAsync(api));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await AskAsync(api));

        ((IConfigurationRoot)api.Services.GetRequiredService<IConfiguration>()).Reload();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await AskAsync(api));
    }

    [Fact]
    public async Task A_clock_that_steps_back_a_little_does_not_hide_that_a_token_is_inactive()
    {
        await using TestApi api = await TestApi.StartAsync(Server, new TestApiSetup
        {
            Services = services => services.AddAuthentication().AddOAuthIntrospection(_ => { }),
            Endpoints = app => app.MapGet("/now", () => "now").RequireFreshToken(TimeSpan.Zero),
            Time = Time,
        });
        string token = Server.IssueToken("read");
        Assert.Equal((HttpStatusCode.OK, 1), await AskAsync(api, token));
        Time.SetBack(TimeSpan.FromSeconds(1));
        Server.Revoke(token);
        using (HeldAnswers held = Server.HoldAnswers())
        {
            Task<HttpResponseMessage> asking = api.GetAsync("/now", token);
            await held.WaitForCallsAsync(1);
            Time.Advance(TimeSpan.FromSeconds(2));
            held.Release();
            using HttpResponseMessage now = await asking;
            Assert.Equal(HttpStatusCode.Unauthorized, now.StatusCode);
        }

        Server.ResetBehavior();
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(api, token)).Status);
    }

    [Fact]
    public async Task Nobody_waits_for_longer_than_the_timeout()
    {
        await using TestApi api = await StartAsync();
        string token = Server.IssueToken("read");
        var cache = api.Services.GetRequiredService<OAuthIntrospectionCache>();
        Server.AnswerWith(async context =>
        {
            Time.Advance(TimeSpan.FromSeconds(4));
            cache.RemoveToken(token);
            await context.Response.WriteAsJsonAsync(new { active = true, scope = "read" });
        });
        DateTimeOffset start = Time.GetUtcNow();

        await AskAsync(api, token);

        Assert.InRange((Time.GetUtcNow() - start).TotalSeconds, 0, 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_deferred_identity_behaves_as_an_eager_one(int seed)
    {
        var random = new Random(seed);
        string[] types = ["role", "Role", "scope", "name", "x"];
        for (int run = 0; run < 3000; run++)
        {
            MemberValue[] members = [.. Enumerable.Range(0, random.Next(5)).Select(_ => new MemberValue(types[random.Next(5)], "v" + random.Next(3), ClaimValueTypes.String))];
            ClaimsIdentity deferred = new DeferredIdentity(members, "iss", "t", "name", "role");
            var eager = new ClaimsIdentity(members.Select(m => new Claim(m.Name, m.Text, m.ValueType, "iss")), "t", "name", "role");
            for (int step = 0; step < 8; step++)
            {
                string type = types[random.Next(5)], value = "v" + random.Next(3);
                switch (random.Next(10))
                {
                    case 0: deferred.AddClaim(new Claim(type, value)); eager.AddClaim(new Claim(type, value)); break;
                    case 1:
                        Claim? d = deferred.FindFirst(type), e = eager.FindFirst(type);
                        Assert.Equal(eager.TryRemoveClaim(e), deferred.TryRemoveClaim(d));
                        break;
                    case 2: deferred = deferred.Clone(); eager = eager.Clone(); break;
                    case 3:
                        using (var a = new MemoryStream())
                        using (var b = new MemoryStream())
                        {
                            deferred.WriteTo(new BinaryWriter(a));
                            eager.WriteTo(new BinaryWriter(b));
                            Assert.Equal(b.ToArray(), a.ToArray());
                        }

                        break;
                    case 4: Assert.Equal(new ClaimsIdentity(eager).Claims.Select(c => c.ToString()), new ClaimsIdentity(deferred).Claims.Select(c => c.ToString())); break;
                    case 5: Assert.Equal(eager.HasClaim(c => c.Value == value), deferred.HasClaim(c => c.Value == value)); break;
                    case 6: Assert.Equal(new ClaimsPrincipal(eager).IsInRole(value), new ClaimsPrincipal(deferred).IsInRole(value)); break;
                    case 7: deferred.AddClaims([new Claim(type, value), null!]); eager.AddClaims([new Claim(type, value), null!]); break;
                    case 8:
                        if (deferred.FindFirst(type) is { } found)
                        {
                            found.Properties["p"] = "1";
                            eager.FindFirst(type)!.Properties["p"] = "1";
                            Assert.Same(deferred, found.Subject);
                        }

                        break;
                }

                Assert.Equal(eager.Name, deferred.Name);
                Assert.Equal(eager.HasClaim(type, value), deferred.HasClaim(type, value));
                Assert.Equal(eager.FindAll(type).Select(c => c + string.Join(',', c.Properties)), deferred.FindAll(type).Select(c => c + string.Join(',', c.Properties)));
                Assert.Equal(eager.FindAll(c => c.Type == type).Select(c => c.ToString()), deferred.FindAll(c => c.Type == type).Select(c => c.ToString()));
                if (random.Next(2) == 0)
                    Assert.Equal(eager.Claims.Select(c => c + c.Issuer + c.OriginalIssuer), deferred.Claims.Select(c => c + c.Issuer + c.OriginalIssuer));
            }
        }
    }
}
