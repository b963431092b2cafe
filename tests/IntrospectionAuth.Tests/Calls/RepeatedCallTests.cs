using System.Net;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Calls;

/// <summary>A call that is repeated asks anew: its answer is as new as the repetition, whenever the call began.</summary>
public sealed class RepeatedCallTests : BadDayTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_repetition_learnt_is_not_washed_away_by_an_answer_that_was_asked_for_before(bool isOlderAnswerFirst)
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
            answering = new(),
            isFailing = new(),
            isAnswering = new();
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
                    isAnswering.SetResult();
                    await answering.Task;
                    await context.Response.WriteAsJsonAsync(new { active = true, scope = "read" });
                    break;
                default:
                    await context.Response.WriteAsJsonAsync(new { active = false });
                    break;
            }
        });
        Task<HttpResponseMessage> repeated = api.GetAsync("/read", token);
        await isFailing.Task; // a call counts as arrived before it comes to the lines above
        Task<HttpResponseMessage> now = api.GetAsync("/now", token);
        await isAnswering.Task; // and now the token is revoked
        Time.Advance(TimeSpan.FromSeconds(1));

        foreach (
            (TaskCompletionSource go, Task<HttpResponseMessage> request) in isOlderAnswerFirst
                ? [(answering, now), (failing, repeated)]
                : new[] { (failing, repeated), (answering, now) }
        )
        {
            go.SetResult();
            (await request).Dispose();
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await repeated).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(api, token)).Status);
    }
}
