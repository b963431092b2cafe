using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Caching;

public sealed class ReviewLastTests : BadDayTest
{
    [Fact]
    public async Task Garbage_does_not_wash_away_what_was_learnt_about_a_token_meanwhile()
    {
        await using TestApi api = await TestApi.StartAsync(Server, new TestApiSetup
        {
            Services = services => services.AddAuthentication().AddOAuthIntrospection(options => options.Cache.MaximumInactiveEntries = 5),
            Endpoints = app => app.MapGet("/now", () => "now").RequireFreshToken(TimeSpan.Zero),
            Time = Time,
        });
        string token = Server.IssueToken("read");
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        Server.AnswerWith(async context =>
        {
            asked.SetResult();
            await go.Task;
            await context.Response.WriteAsJsonAsync(new { active = true, scope = "read" });
        }, calls: 1);
        Task<HttpResponseMessage> slow = api.GetAsync("/read", token);
        await asked.Task;
        Time.Advance(TimeSpan.FromSeconds(1));
        Server.Revoke(token);
        using (HttpResponseMessage now = await api.GetAsync("/now", token))
            Assert.Equal(HttpStatusCode.Unauthorized, now.StatusCode);
        for (int i = 0; i < 20; i++)
            await AskAsync(api, "garbage" + i);
        go.SetResult();
        (await slow).Dispose();

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(api, token)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Options_of_authorization_that_differ_by_tenant_stay_apart(bool withUs)
    {
        string tenant = "a";
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddTransient<IOptions<AuthorizationOptions>>(_ =>
        {
            var options = new AuthorizationOptions();
            bool allows = tenant == "a";
            options.AddPolicy("p", policy => policy.RequireAssertion(_ => allows));
            return Options.Create(options);
        });
        services.AddAuthorization();
        if (withUs)
            services.AddAuthentication().AddOAuthIntrospection(_ => { });
        await using ServiceProvider provider = services.BuildServiceProvider();

        bool first = await AllowsAsync(provider);
        tenant = "b";
        bool second = await AllowsAsync(provider);

        Assert.Equal((true, false), (first, second));
    }

    private static async Task<bool> AllowsAsync(ServiceProvider provider)
    {
        await using AsyncServiceScope scope = provider.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IAuthorizationService>().AuthorizeAsync(new(), resource: null, "p")).Succeeded;
    }
}
