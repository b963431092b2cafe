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

        (string text, string remedy) = Describe(outcome.Unavailability!);
        return (null, Step.Fail(StepNames.Metadata, text, remedy, Options.Authority));
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
        return outcome.Unavailability is { } unavailability
            ? Step.Fail(
                StepNames.Keys,
                $"{Name(url)} has no usable keys: {unavailability.Fault ?? unavailability.ErrorType}.",
                "Correct jwks_uri or the keys at the authorization server, or set RequireSignedResponse to false.",
                Name(url)
            )
            : Step.Ok(StepNames.Keys, $"found at {Name(url)}{outcome.Value!.PassedOver}", Name(url));
    }

    /// <summary>A URL without its query, which may hold a secret.</summary>
    public static string Name(Uri url) => url.GetLeftPart(UriPartial.Path);

    private (string Found, string Remedy) Describe(Unavailability unavailability)
    {
        if (unavailability.Reason != UnavailableReason.NotDiscovered)
            return ServerTrouble.Describe(unavailability, Options.Authority!, Options);

        string fault = unavailability.Fault!;
        string found = $"{Options.Authority} has no usable metadata: {fault}.";
        if (fault.Contains("issuer", StringComparison.Ordinal))
            return (found, "Set Authority to exactly the issuer that the server's metadata has, including the slash at its end.");
        if (fault.Contains("introspection_endpoint", StringComparison.Ordinal))
        {
            return (
                found,
                "Set IntrospectionEndpoint to the URL from the server's documentation, "
                    + "or turn on introspection at the server if it is a plug-in there."
            );
        }

        return (
            found,
            "Set Authority to the issuer, which is often longer than the host (https://server.example.com/realms/name). "
                + "If the server publishes no metadata, set IntrospectionEndpoint instead."
        );
    }
}
