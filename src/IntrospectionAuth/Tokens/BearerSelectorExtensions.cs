using IntrospectionAuth;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that add a scheme which forwards each request to one of several schemes.</summary>
public static class BearerSelectorExtensions
{
    /// <summary>
    /// Adds the scheme <see cref="BearerSelectorDefaults.AuthenticationScheme"/>, which forwards each request to another scheme.
    /// </summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="configureOptions">Sets the rules.</param>
    /// <returns>The authentication builder.</returns>
    public static AuthenticationBuilder AddBearerSelector(
        this AuthenticationBuilder builder,
        Action<BearerSelectorOptions> configureOptions
    ) => builder.AddBearerSelector(BearerSelectorDefaults.AuthenticationScheme, configureOptions);

    /// <summary>Adds a scheme that forwards each request to another scheme.</summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="authenticationScheme">The name of the scheme. Make it the default scheme: <c>AddAuthentication("…")</c>.</param>
    /// <param name="configureOptions">Sets the rules.</param>
    /// <returns>The authentication builder.</returns>
    /// <remarks>The rules are checked at startup: every scheme that they name must be registered, before or after this call.</remarks>
    /// <exception cref="ArgumentException"><paramref name="authenticationScheme"/> is null or empty.</exception>
    public static AuthenticationBuilder AddBearerSelector(
        this AuthenticationBuilder builder,
        string authenticationScheme,
        Action<BearerSelectorOptions> configureOptions
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(authenticationScheme);

        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BearerSelectorOptions>, ValidateBearerSelector>());
        builder.Services.AddOptions<BearerSelectorOptions>(authenticationScheme).Configure(configureOptions).ValidateOnStart();
        builder.Services.Configure<AuthenticationOptions>(options =>
            options.AddScheme(authenticationScheme, static scheme => scheme.HandlerType = typeof(BearerSelectorHandler))
        );
        return builder;
    }
}
