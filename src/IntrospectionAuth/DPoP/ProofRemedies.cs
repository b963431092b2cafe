namespace IntrospectionAuth.DPoP;

/// <summary>The remedy of each <see cref="ProofFault"/>.</summary>
internal static class ProofRemedies
{
    private const string ChecksPage = "docs/dpop.md#what-is-checked";
    private const string ReplayPage = "docs/dpop.md#replay";
    private const string NoncePage = "docs/dpop.md#nonces";

    private static readonly Remedy s_general = new("Create a new DPoP proof for each request, with its method and its URL.", ChecksPage);

    /// <returns>The remedy of a fault; of <see cref="ProofFault.None"/>, that of a proof in general.</returns>
    public static Remedy Of(ProofFault fault) =>
        fault switch
        {
            ProofFault.WrongAlgorithm => new(
                "Sign the proof with one of DPoP.Algorithms, or add the client's algorithm to them.",
                "docs/dpop.md#which-algorithms"
            ),
            ProofFault.WrongUrl => new(
                "Create the proof for the URL of the request. Behind a proxy, call app.UseForwardedHeaders() first, so that ASP.NET Core "
                    + "sees the client's URL.",
                "docs/dpop.md#behind-a-proxy"
            ),
            ProofFault.WrongTime => new(
                "Create a new DPoP proof for each request, and compare the clocks of client and API. DPoP.ProofLifetime is how long a "
                    + "proof is accepted.",
                ChecksPage
            ),
            ProofFault.WrongToken => new("Create the proof for the access token that is sent with it: ath is its SHA-256.", ChecksPage),
            ProofFault.Replayed => new(
                "Create a new DPoP proof with a new jti for each request, also for a retry. DPoP.ProofLifetime is how long a used one is "
                    + "remembered.",
                ReplayPage
            ),
            ProofFault.NonceRequired => new(
                "DPoP.RequireNonce is on: repeat the request with the nonce of the header DPoP-Nonce in the proof.",
                NoncePage
            ),
            ProofFault.NoNonce => new(
                "DPoP.RequireNonce is on, but no nonce can be created: check that Data Protection works, its keys above all.",
                NoncePage
            ),
            ProofFault.StoreFull => new(
                "Shorten DPoP.ProofLifetime, or spread the load over more instances: the store holds all proofs of that time.",
                ReplayPage
            ),
            ProofFault.NotShared => new(
                "Make the shared cache respond: its own message in the log names the cause. Without it, DPoP.ReplayAcrossNodes decides "
                    + "whether proofs are accepted.",
                ReplayPage
            ),
            _ => s_general,
        };
}
