using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Diagnostics;

/// <summary>Whether anything wants a decision: without a log and a page, no check is described.</summary>
public sealed class DecisionRecorderTests
{
    [Theory]
    [InlineData(LogLevel.Warning, "Production", false, false)]
    [InlineData(LogLevel.Information, "Production", false, true)]
    [InlineData(LogLevel.Warning, "Development", false, true)]
    [InlineData(LogLevel.Warning, "Production", true, true)]
    public void A_refusal_is_wanted_by_the_log_by_a_developer_and_by_the_page(
        LogLevel level,
        string environment,
        bool hasPage,
        bool isWanted
    )
    {
        var recorder = new DecisionRecorder(
            new DecisionLog(new ExchangeRecorder()) { IsEnabled = hasPage },
            new TokenFingerprints(),
            new RareMessages(),
            new HostingEnvironment { EnvironmentName = environment }
        );
        using ILoggerFactory loggers = LoggerFactory.Create(builder => builder.SetMinimumLevel(level).AddProvider(new LogRecorder()));
        ILogger logger = loggers.CreateLogger("test");
        var time = new ManualTimeProvider();

        bool refusal = recorder.IsWanted(logger, "scheme", OAuthIntrospectionFailure.Expired, time, out long? suppressed);

        Assert.Equal(isWanted, refusal);
        Assert.Equal(level == LogLevel.Information ? 0 : null, suppressed);
        Assert.Equal(hasPage, recorder.IsWanted(logger, "scheme", failure: null, time, out suppressed));
        Assert.Null(suppressed);
    }
}
