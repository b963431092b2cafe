using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.PushedRevocation;

/// <summary>Finds the scheme whose authorization server sends events.</summary>
internal static class PushedSchemes
{
    /// <param name="name">The name of an introspection scheme; null for the only one.</param>
    /// <param name="services">The application's services.</param>
    /// <param name="caller">The public method that a fault names.</param>
    /// <exception cref="InvalidOperationException">There is no such scheme, or there are several.</exception>
    public static string Find(string? name, IServiceProvider services, string caller)
    {
        string[] all =
        [
            .. services
                .GetRequiredService<IOptions<AuthenticationOptions>>()
                .Value.Schemes.Where(static scheme => scheme.HandlerType == typeof(OAuthIntrospectionHandler))
                .Select(static scheme => scheme.Name),
        ];
        if (name is null && all.Length == 1)
            return all[0];
        if (name is not null && all.Contains(name, StringComparer.Ordinal))
            return name;

        string existing =
            all.Length == 0
                ? "There is none: call AddAuthentication().AddOAuthIntrospection(…) first."
                : $"There is: {string.Join(", ", all)}.";
        throw new InvalidOperationException(
            name is null
                ? $"{caller}: set AuthenticationScheme, unless there is exactly one introspection scheme. {existing}"
                : $"{caller}: '{name}' is not the name of an introspection scheme. {existing}"
        );
    }
}
