using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth;

/// <summary>The schemes that introspect tokens, among all schemes of the application.</summary>
internal static class IntrospectionSchemes
{
    private const string None = "There is none: call AddAuthentication().AddOAuthIntrospection(…) first.";

    public static bool IntrospectsTokens(this AuthenticationScheme scheme) => scheme.HandlerType == typeof(OAuthIntrospectionHandler);

    public static async Task<AuthenticationScheme[]> GetIntrospectionSchemesAsync(this IAuthenticationSchemeProvider schemes) =>
        [.. (await schemes.GetAllSchemesAsync()).Where(IntrospectsTokens)];

    /// <param name="schemes">The schemes of the application.</param>
    /// <param name="name">The name of an introspection scheme; null for the only one.</param>
    /// <param name="caller">The public method that a fault names.</param>
    /// <param name="setting">Its parameter or option that names the scheme.</param>
    /// <exception cref="InvalidOperationException">There is no such scheme, or there are several.</exception>
    public static async Task<AuthenticationScheme> FindIntrospectionSchemeAsync(
        this IAuthenticationSchemeProvider schemes,
        string? name,
        string caller,
        string setting
    )
    {
        if (name is not null && await schemes.GetSchemeAsync(name) is { } named && named.IntrospectsTokens())
            return named;

        AuthenticationScheme[] all = await schemes.GetIntrospectionSchemesAsync();
        if (name is null && all is [AuthenticationScheme only])
            return only;

        string existing = all.Length == 0 ? None : $"There is: {string.Join(", ", all.Select(static scheme => scheme.Name))}.";
        throw new InvalidOperationException(
            name is null
                ? $"{caller}: set {setting}, unless there is exactly one introspection scheme. {existing}"
                : $"{caller}: '{name}' is not the name of an introspection scheme. {existing}"
        );
    }

    /// <summary>Finds the scheme whose authorization server sends events, when the application starts.</summary>
    /// <inheritdoc cref="FindIntrospectionSchemeAsync"/>
    public static string FindIntrospectionScheme(this IServiceProvider services, string? name, string caller) =>
        // The schemes are in memory: this does not wait.
        services
            .GetRequiredService<IAuthenticationSchemeProvider>()
            .FindIntrospectionSchemeAsync(name, caller, setting: "AuthenticationScheme")
            .GetAwaiter()
            .GetResult()
            .Name;
}
