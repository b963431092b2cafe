using System.Net;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Calls;

/// <summary>A retry asks again: the response is as new as the retry, regardless of when the call began.</summary>
public sealed class RepeatedCallTests : BadDayTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_result_of_a_retry_is_not_replaced_by_a_response_that_was_requested_before(bool isOlderResponseFirst)
    {
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(_ => { }),
                Endpoints = app => app.MapGet("/now", () => "now").RequireFreshToken(TimeSpan.Zero),
                Time = Time,
            }
        );
        string token = Server.IssueToken("read");
        TaskCompletionSource failing = new(),
            responding = new(),
            isFailing = new(),
            isResponding = new();
        int calls = 0;
        Server.RespondWith(async context =>
        {
            switch (Interlocked.Increment(ref calls))
            {
                case 1:
                    isFailing.SetResult();
                    await failing.Task;
                    context.Response.StatusCode = 503;
                    break;
                case 2:
                    isResponding.SetResult();
                    await responding.Task;
                    await context.Response.WriteAsJsonAsync(new { active = true, scope = "read" });
                    break;
                default:
                    await context.Response.WriteAsJsonAsync(new { active = false });
                    break;
            }
        });
        Task<HttpResponseMessage> repeated = api.GetAsync("/read", token);
        await isFailing.Task; // the server counts a call before it reaches the lines above
        Task<HttpResponseMessage> now = api.GetAsync("/now", token);
        await isResponding.Task; // and now the token is revoked
        Time.Advance(TimeSpan.FromSeconds(1));

        foreach (
            (TaskCompletionSource go, Task<HttpResponseMessage> request) in isOlderResponseFirst
                ? [(responding, now), (failing, repeated)]
                : new[] { (failing, repeated), (responding, now) }
        )
        {
            go.SetResult();
            (await request).Dispose();
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await repeated).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(api, token)).Status);
    }
}
