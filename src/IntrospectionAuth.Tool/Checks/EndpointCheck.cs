using System.Security.Cryptography;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Server;
using IntrospectionAuth.Tool.Settings;
using IntrospectionAuth.Tool.Terminal;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tool.Checks;

/// <summary>Introspects a random token with the credentials of the scheme: it must be inactive.</summary>
internal sealed class EndpointCheck(SchemeSettings settings, ToolHost host)
{
    // Each sends the same id and secret to the same endpoint.
    private static readonly ClientAuthenticationMethod[] s_alternatives =
    [
        ClientAuthenticationMethod.ClientSecretBasic,
        ClientAuthenticationMethod.ClientSecretPost,
        ClientAuthenticationMethod.ClientSecretBasicRaw,
    ];

    public async Task<Step> RunAsync(
        IServiceProvider services,
        OAuthIntrospectionOptions options,
        string url,
        CancellationToken cancellationToken
    )
    {
        IntrospectionResult result = await IntrospectRandomTokenAsync(services, options, cancellationToken);
        if (result.Unavailability is { } trouble)
            return await DescribeAsync(trouble, options, url, cancellationToken);

        if (result.Response is not null)
        {
            return Step.Fail(
                StepNames.Introspection,
                $"{url} says that a random token is active.",
                "Do not use this endpoint: it accepts every token. Correct the URL, or the rule of a mock server behind it.",
                url
            );
        }

        string credentials = options.ClientAuthenticationMethod.UsesPresentedToken ? "" : "accepts the credentials; ";
        return Step.Ok(StepNames.Introspection, $"{credentials}a random token is inactive, as it must be", url);
    }

    private async Task<Step> DescribeAsync(
        Unavailability trouble,
        OAuthIntrospectionOptions options,
        string url,
        CancellationToken cancellationToken
    )
    {
        string found = UnavailabilityDescription.For(trouble, options);
        if (trouble.MayMeanInactive)
        {
            return Step.Warn(
                StepNames.Introspection,
                $"{found}; InactiveStatusCodes takes that for an inactive token",
                "Check a token that is active (--token-stdin): a good response proves that the credentials are accepted.",
                url
            );
        }

        return trouble.Reason == UnavailableReason.Refused && await FindMethodAsync(options, cancellationToken) is { } method
            ? Step.Fail(
                StepNames.Introspection,
                found,
                $"The id and the secret are right: the server accepts them by {method}. Set ClientAuthenticationMethod to {method}.",
                url
            )
            : Step.Fail(StepNames.Introspection, found, UnavailabilityRemedies.Of(trouble), url);
    }

    /// <summary>Finds a client authentication method by which the server accepts the same secret.</summary>
    private async Task<ClientAuthenticationMethod?> FindMethodAsync(OAuthIntrospectionOptions options, CancellationToken cancellationToken)
    {
        if (!s_alternatives.Contains(options.ClientAuthenticationMethod))
            return null;

        foreach (ClientAuthenticationMethod method in s_alternatives.Where(it => it != options.ClientAuthenticationMethod))
        {
            if (await IsAcceptedAsync(settings.With(nameof(options.ClientAuthenticationMethod), method.Name), cancellationToken))
                return method;
        }

        return null;
    }

    private async Task<bool> IsAcceptedAsync(SchemeSettings other, CancellationToken cancellationToken)
    {
        using var warnings = new WarningRecorder();
        await using ServiceProvider services = SchemeServices.Create(other, host, warnings);
        (OAuthIntrospectionOptions? options, _) = ConfigurationCheck.Run(other, services, warnings);
        return options is not null && !(await IntrospectRandomTokenAsync(services, options, cancellationToken)).IsUnavailable;
    }

    private async Task<IntrospectionResult> IntrospectRandomTokenAsync(
        IServiceProvider services,
        OAuthIntrospectionOptions options,
        CancellationToken cancellationToken
    )
    {
        SchemeServer server = services.GetRequiredService<SchemeServers>().Get(settings.Scheme, options);
        string token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        using var call = new IntrospectionCall(server.Scheme, token, cancellationToken) { IsProbe = true };
        IntrospectionResult result = await services.GetRequiredService<ServerIntrospector>().IntrospectAsync(server, call);
        cancellationToken.ThrowIfCancellationRequested();
        return result;
    }
}
