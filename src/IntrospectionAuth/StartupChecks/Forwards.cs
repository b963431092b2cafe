using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.StartupChecks;

/// <summary>Where a scheme forwards requests to, by the options that every scheme of ASP.NET Core has.</summary>
internal static class Forwards
{
    /// <summary>What an introspection scheme does with a request, each by the name of the option that forwards it.</summary>
    public static IReadOnlyList<string> Operations { get; } =
    [
        nameof(AuthenticationSchemeOptions.ForwardAuthenticate),
        nameof(AuthenticationSchemeOptions.ForwardChallenge),
        nameof(AuthenticationSchemeOptions.ForwardForbid),
    ];

    /// <summary>The options that name a scheme, and the scheme that each names.</summary>
    public static IEnumerable<(string Option, string Target)> Of(AuthenticationSchemeOptions options) =>
        Operations
            .Append(nameof(options.ForwardDefault))
            .Select(option => (option, Read(options, option)))
            .Where(static it => it.Item2 is not null)!;

    /// <summary>
    /// The schemes to which a scheme may forward an operation; empty when it handles the operation itself, or that is not known.
    /// </summary>
    public static IEnumerable<string> Of(ApplicationFacts facts, string scheme, string operation)
    {
        if (facts.Selectors.TryGetValue(scheme, out BearerSelectorOptions? selector))
            return selector.Schemes;
        if (!facts.ForwardingSchemes.TryGetValue(scheme, out AuthenticationSchemeOptions? options))
            return [];

        // The order of ASP.NET Core, which takes a scheme that names itself as one that does not forward.
        string? target = Read(options, operation) ?? (options.ForwardDefaultSelector is null ? options.ForwardDefault : null);
        return target is null || target == scheme ? [] : [target];
    }

    private static string? Read(AuthenticationSchemeOptions options, string option) =>
        option switch
        {
            nameof(options.ForwardAuthenticate) => options.ForwardAuthenticate,
            nameof(options.ForwardChallenge) => options.ForwardChallenge,
            nameof(options.ForwardForbid) => options.ForwardForbid,
            _ => options.ForwardDefault,
        };
}
