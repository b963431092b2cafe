using System.Runtime.CompilerServices;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Tool.Settings;
using IntrospectionAuth.Tool.Terminal;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tool.Checks;

/// <summary>Everything between the settings of a scheme and a response of its authorization server, in the order of a request.</summary>
/// <param name="settings">The settings of the scheme.</param>
/// <param name="token">A token to introspect at the end; null for none.</param>
/// <param name="host">What surrounds the tool.</param>
internal sealed class CheckRun(SchemeSettings settings, string? token, ToolHost host)
{
    private bool _hasFailed;

    /// <summary>Runs the steps. Those that depend on a failed one are skipped, and there are none without a valid configuration.</summary>
    public async IAsyncEnumerable<Step> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var warnings = new WarningRecorder();
        await using ServiceProvider services = SchemeServices.Create(settings, host, warnings);

        (OAuthIntrospectionOptions? options, IReadOnlyList<Step> configuration) = ConfigurationCheck.Run(settings, services, warnings);
        foreach (Step step in configuration)
            yield return step;

        if (options is null)
            yield break;

        // What the settings name comes first, then what the metadata names.
        Uri? configured = options.DiscoversEndpoint ? null : new Uri(options.IntrospectionEndpoint!);
        var hosts = new HostCheck(options, host.Time);
        await foreach (Step step in hosts.RunAsync(options.NeedsMetadata ? new Uri(options.Authority!) : configured!, cancellationToken))
            yield return Note(step);

        var metadataCheck = new MetadataCheck(new IntrospectionScheme(settings.Scheme, options), services);
        ServerMetadata? metadata = null;
        if (_hasFailed)
        {
            yield return Step.Skip(StepNames.Metadata, "The server cannot be reached.");
        }
        else
        {
            (metadata, Step step) = await metadataCheck.FetchMetadataAsync(cancellationToken);
            yield return Note(step);
        }

        Uri? endpoint = metadata?.EndpointFor(options) ?? configured;
        Uri?[] others = [metadata?.KeysUrl, endpoint, FindTokenEndpoint(options, metadata)];
        foreach (Uri url in others.OfType<Uri>())
        {
            await foreach (Step step in hosts.RunAsync(url, cancellationToken))
                yield return Note(step);
        }

        yield return Note(await metadataCheck.FetchKeysAsync(metadata, cancellationToken));
        yield return _hasFailed
            ? Step.Skip(StepNames.Introspection, "A step that it needs has failed.")
            : Note(await new EndpointCheck(settings, host).RunAsync(services, options, MetadataCheck.Name(endpoint!), cancellationToken));
        yield return token is null ? Step.Skip(StepNames.Token, "To check a token too, use --token-stdin.")
        : _hasFailed ? Step.Skip(StepNames.Token, "A step that it needs has failed.")
        : await TokenCheck.RunAsync(services, settings.Scheme, token, cancellationToken);
    }

    private static Uri? FindTokenEndpoint(OAuthIntrospectionOptions options, ServerMetadata? metadata)
    {
        if (!options.ClientAuthenticationMethod.NeedsClientToken)
            return null;
        return options.ClientCredentials.TokenEndpoint is { } configured ? new Uri(configured) : metadata?.TokenEndpointFor(options);
    }

    private Step Note(Step step)
    {
        _hasFailed |= step.Verdict == Verdict.Fail;
        return step;
    }
}
