using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace IntrospectionAuth.Redis;

/// <summary>Reads the connection from the options of the introspection schemes, and validates it when the application starts.</summary>
internal sealed class ReadSchemes(
    IAuthenticationSchemeProvider schemes,
    IOptionsMonitor<OAuthIntrospectionOptions> options,
    IServiceProviderIsService services
) : IConfigureOptions<SchemeConnection>, IValidateOptions<SchemeConnection>
{
    public void Configure(SchemeConnection connection)
    {
        // The schemes are in memory: this does not wait.
        foreach (AuthenticationScheme scheme in schemes.GetAllSchemesAsync().GetAwaiter().GetResult())
        {
            if (!scheme.HandlerType.IsAssignableTo(typeof(AuthenticationHandler<OAuthIntrospectionOptions>)))
                continue;

            try
            {
                if (options.Get(scheme.Name).SharedCache.Redis is { } redis)
                    connection.Settings.Add((scheme.Name, redis));
            }
            catch (OptionsValidationException)
            {
                connection.HasInvalidScheme = true;
            }
        }
    }

    public ValidateOptionsResult Validate(string? name, SchemeConnection connection)
    {
        if (connection.HasInvalidScheme)
            return ValidateOptionsResult.Skip;

        if (connection.Settings is [])
        {
            return services.IsService(typeof(IConnectionMultiplexer))
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(
                    "AddOAuthIntrospectionRedis() has no connection to Redis. Set SharedCache:Redis of the scheme, pass a configuration "
                        + "string to AddOAuthIntrospectionRedis, or register an IConnectionMultiplexer."
                );
        }

        (string scheme, string redis) = connection.Settings[0];
        foreach ((string other, string otherRedis) in connection.Settings)
        {
            if (otherRedis != redis)
            {
                return ValidateOptionsResult.Fail(
                    $"The schemes '{scheme}' and '{other}' have different values of SharedCache:Redis. All schemes of an application share "
                        + "one engine: set the same value, or set it for one of them."
                );
            }
        }

        return ConnectionString.Parse(redis) is null
            ? ValidateOptionsResult.Fail(
                $"SharedCache:Redis of the scheme '{scheme}' is not a configuration string of StackExchange.Redis, such as "
                    + "'localhost:6379,ssl=true'."
            )
            : ValidateOptionsResult.Success;
    }
}
