using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Outcomes;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tool.Checks;

/// <summary>Fetches the metadata of the authorization server, and its keys where signed responses are required.</summary>
internal sealed class MetadataCheck(IntrospectionScheme scheme, IServiceProvider services)
{
    private OAuthIntrospectionOptions Options => scheme.Options;

    /// <returns>The metadata, null when it is not needed or not found; and the step.</returns>
    public async Task<(ServerMetadata? Metadata, Step Step)> FetchMetadataAsync(CancellationToken cancellationToken)
    {
        if (!Options.NeedsMetadata)
            return (null, Step.Skip(StepNames.Metadata, "IntrospectionEndpoint is set, so nothing is discovered."));

        Outcome<ServerMetadata> outcome = await services
            .GetRequiredService<MetadataClient>()
            .FetchAsync(scheme, MetadataNeeds.OfIntrospection(Options), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (outcome.Value is { } metadata)
        {
            string endpoint = metadata.EndpointFor(Options) is { } found ? $"; endpoint {Name(found)}" : "";
            return (metadata, Step.Ok(StepNames.Metadata, $"issuer is Authority{endpoint}", Options.Authority));
        }

        return (null, Describe(outcome.Unavailability!));
    }

    public async Task<Step> FetchKeysAsync(ServerMetadata? metadata, CancellationToken cancellationToken)
    {
        if (!Options.RequireSignedResponse)
            return Step.Skip(StepNames.Keys, "No signed responses are required.");
        if (metadata?.KeysUrl is not { } url)
            return Step.Skip(StepNames.Keys, "There is no metadata, which names the URL of the keys.");

        Outcome<KeySet> outcome = await services
            .GetRequiredService<KeySetClient>()
            .FetchAsync(scheme, url, hasKnown: false, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return outcome.Unavailability is { } trouble
            ? Step.Fail(StepNames.Keys, UnavailabilityDescription.For(trouble, Options), UnavailabilityRemedies.Of(trouble), Name(url))
            : Step.Ok(StepNames.Keys, $"found at {Name(url)}{outcome.Value!.PassedOver}", Name(url));
    }

    /// <summary>A URL without its query, which may hold a secret.</summary>
    public static string Name(Uri url) => url.GetLeftPart(UriPartial.Path);

    private Step Describe(Unavailability trouble)
    {
        string found = UnavailabilityDescription.For(trouble, Options);
        return FindRemedy(trouble) is { } remedy
            ? Step.Fail(StepNames.Metadata, found, remedy, Options.Authority)
            : Step.Fail(StepNames.Metadata, found, UnavailabilityRemedies.Of(trouble), Options.Authority);
    }

    /// <returns>A remedy for what is wrong with the metadata in particular; null for the general one.</returns>
    private static string? FindRemedy(Unavailability trouble)
    {
        if (trouble.Reason != UnavailableReason.NotDiscovered || trouble.Fault!.Contains("its issuer", StringComparison.Ordinal))
            return null;
        if (trouble.Fault.Contains("introspection_endpoint is not there", StringComparison.Ordinal))
        {
            return "Set IntrospectionEndpoint to the URL from the server's documentation, "
                + "or turn on introspection at the server if it is a plug-in there.";
        }

        return "Set Authority to the issuer, which is often longer than the host (https://server.example.com/realms/name). "
            + "If the server publishes no metadata, set IntrospectionEndpoint instead.";
    }
}
