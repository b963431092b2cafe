using StackExchange.Redis;

namespace IntrospectionAuth.Redis;

/// <summary>Reads a configuration string of StackExchange.Redis, with the settings that an engine needs.</summary>
internal static class ConnectionString
{
    // A later setting in the string replaces these. After 4 times asyncTimeout without a byte, a connection counts as lost.
    // A change of roles, for which Redis closes no connection, is noticed by configCheckSeconds.
    private const string Defaults = "connectTimeout=2000,asyncTimeout=1000,syncTimeout=1000,connectRetry=1,configCheckSeconds=5,";

    /// <summary>Reads the string, or returns null if it is not valid. No exception is passed on, since it may quote a password.</summary>
    public static ConfigurationOptions? Parse(string text)
    {
        try
        {
            var options = ConfigurationOptions.Parse(Defaults + text);
            if (options.EndPoints.Count == 0)
                return null;

            options.AbortOnConnectFail = false;
            options.BacklogPolicy = BacklogPolicy.FailFast;
            options.ReconnectRetryPolicy = new ExponentialRetry(deltaBackOffMilliseconds: 1_000, maxDeltaBackOffMilliseconds: 2_000);
            options.IncludeDetailInExceptions = false;
            return options;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            return null;
        }
    }
}
