using IntrospectionAuth;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the choice among schemes where an API takes more than one kind of token.</summary>
public static class BearerSelectorExtensions
{
    /// <summary>Adds the scheme <see cref="BearerSelectorDefaults.AuthenticationScheme"/>, which leaves each request to another scheme.</summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="configureOptions">Sets the rules.</param>
    /// <returns>The authentication builder.</returns>
    public static AuthenticationBuilder AddBearerSelector(
        this AuthenticationBuilder builder,
        Action<BearerSelectorOptions> configureOptions
    ) => builder.AddBearerSelector(BearerSelectorDefaults.AuthenticationScheme, configureOptions);

    /// <summary>Adds a scheme that leaves each request to another scheme.</summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="authenticationScheme">The name of the scheme; make it the default one: <c>AddAuthentication("…")</c>.</param>
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
        ArgumentNullException.ThrowIfNull(configureOptions);

        builder.Services.TryAddTransient<BearerSelectorHandler>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BearerSelectorOptions>, ValidateBearerSelector>());
        builder.Services.AddOptions<BearerSelectorOptions>(authenticationScheme).Configure(configureOptions).ValidateOnStart();
        builder.Services.Configure<AuthenticationOptions>(options =>
            options.AddScheme(authenticationScheme, static scheme => scheme.HandlerType = typeof(BearerSelectorHandler))
        );
        return builder;
    }
}
