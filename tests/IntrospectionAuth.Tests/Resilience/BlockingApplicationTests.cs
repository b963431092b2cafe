using System.Net;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Resilience;

/// <summary>
/// Code of the application that blocks its thread in the middle of a call: callers wait for no longer than <c>Timeout</c>.
/// </summary>
public sealed class BlockingApplicationTests : BadDayTest
{
    private readonly ManualResetEventSlim _released = new();
    private readonly SemaphoreSlim _entered = new(0);

    public enum Code
    {
        EventThatBlocks,
        EventThatWaits,
        MethodThatBlocks,
        DelegateThatBlocks,
        SignerThatBlocks,
        MethodOfTheTokenEndpointThatBlocks,
    }

    [Theory]
    [InlineData(Code.EventThatBlocks)]
    [InlineData(Code.EventThatWaits)]
    [InlineData(Code.MethodThatBlocks)]
    [InlineData(Code.DelegateThatBlocks)]
    [InlineData(Code.SignerThatBlocks)]
    [InlineData(Code.MethodOfTheTokenEndpointThatBlocks)]
    public async Task A_caller_waits_at_most_Timeout(Code code)
    {
        await using TestApi api = await StartAsync(options => Use(options, code));

        Task<(HttpStatusCode Status, int Calls)> request = SendAsync(api);
        await _entered.WaitAsync();
        Time.Advance(TimeSpan.FromMilliseconds(300));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await request);
        _released.Set();
    }

    [Fact]
    public async Task At_most_MaximumConcurrentCalls_threads_are_stuck_and_calls_succeed_when_they_return()
    {
        bool blocks = true;
        await using TestApi api = await StartAsync(options =>
        {
            options.Timeout = TimeSpan.FromMilliseconds(300);
            options.Resilience.MaximumConcurrentCalls = 2;
            options.Events.OnIntrospecting = _ =>
            {
                if (blocks)
                    Block();
                return Task.CompletedTask;
            };
        });

        for (int i = 0; i < 2; i++)
        {
            Task<(HttpStatusCode Status, int Calls)> request = SendAsync(api);
            await _entered.WaitAsync();
            Time.Advance(TimeSpan.FromMilliseconds(300));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await request);
        }

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await SendAsync(api)); // at once: no third thread
        Assert.Equal(0, _entered.CurrentCount);

        blocks = false;
        _released.Set();
        HttpStatusCode status = HttpStatusCode.ServiceUnavailable;
        for (int round = 0; status != HttpStatusCode.OK && round < 1000; round++) // the threads say nothing when they return
            status = (await SendAsync(api)).Status;
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task A_late_exception_is_observed()
    {
        Exception? unobserved = null;
        EventHandler<UnobservedTaskExceptionEventArgs> notice = (_, arguments) =>
        {
            if (arguments.Exception.ToString().Contains("too late", StringComparison.Ordinal))
                unobserved = arguments.Exception;
        };
        TaskScheduler.UnobservedTaskException += notice;
        try
        {
            await FailLateAsync();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= notice;
        }

        Assert.Null(unobserved);
    }

    private async Task FailLateAsync()
    {
        var thrown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApi api = await StartAsync(options =>
        {
            options.Timeout = TimeSpan.FromMilliseconds(300);
            options.Events.OnIntrospecting = _ =>
            {
                Block();
                thrown.SetResult();
                throw new InvalidOperationException("too late");
            };
        });

        Task<(HttpStatusCode Status, int Calls)> request = SendAsync(api);
        await _entered.WaitAsync();
        Time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await request).Status);
        _released.Set();
        await thrown.Task;
    }

    private void Use(OAuthIntrospectionOptions options, Code code)
    {
        options.Timeout = TimeSpan.FromMilliseconds(300);
        switch (code)
        {
            case Code.EventThatBlocks:
                options.Events.OnIntrospecting = _ =>
                {
                    Block();
                    return Task.CompletedTask;
                };
                break;
            case Code.EventThatWaits:
                options.Events.OnIntrospecting = _ =>
                {
                    _entered.Release();
                    return new TaskCompletionSource().Task;
                };
                break;
            case Code.MethodThatBlocks:
                options.ClientAuthenticationMethod = new Blocking(Block);
                break;
            case Code.DelegateThatBlocks:
                options.ClientSecret = null;
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ =>
                {
                    Block();
                    return new("token-of-the-api");
                });
                break;
            case Code.SignerThatBlocks:
                options.ClientSecret = null;
                options.ClientAssertionAudience = "https://auth.example.com";
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.PrivateKeyJwt;
                options.SigningKey = ClientSigningKey.FromSigner(
                    "ES256",
                    (_, _) =>
                    {
                        Block();
                        return new(new byte[64]);
                    }
                );
                break;
            default:
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials;
                options.ClientCredentials.TokenEndpoint = "https://auth.example.com/token";
                options.ClientCredentials.AuthenticationMethod = new Blocking(Block);
                break;
        }
    }

    private void Block()
    {
        _entered.Release();
        _released.Wait();
    }

    private sealed class Blocking(Action block) : ClientAuthenticationMethod("blocking")
    {
        public override ValueTask AuthenticateAsync(ClientAuthenticationContext context)
        {
            block();
            return ValueTask.CompletedTask;
        }
    }
}
