using Microsoft.Extensions.Options;

namespace IntrospectionAuth;

/// <summary>The options of a scheme, which need not be valid: a scheme that is added at run time is not validated at startup.</summary>
internal static class ValidOptions
{
    /// <returns>The options; null when they are invalid.</returns>
    public static OAuthIntrospectionOptions? Find(this IOptionsMonitor<OAuthIntrospectionOptions> options, string scheme, out string? fault)
    {
        fault = null;
        try
        {
            return options.Get(scheme);
        }
        catch (Exception exception) // a setter, and the application's own Configure methods, may throw anything
        {
            fault = exception is OptionsValidationException ? exception.Message : exception.GetType().Name;
            return null;
        }
    }
}
