namespace IntrospectionAuth.SecurityEvents;

/// <summary>The types of events that are processed, by their URIs, each with its name in logs and metrics.</summary>
internal static class SecurityEventTypes
{
    public const string Verification = "https://schemas.openid.net/secevent/ssf/event-type/verification";
    public const string StreamUpdated = "https://schemas.openid.net/secevent/ssf/event-type/stream-updated";

    private const string Caep = "https://schemas.openid.net/secevent/caep/event-type/"; // CAEP 1.0, section 3
    private const string Risc = "https://schemas.openid.net/secevent/risc/event-type/"; // RISC 1.0, section 2

    /// <returns>The name of an event after which tokens must be introspected again; null for any other event.</returns>
    public static string? FindRevocation(string uri) =>
        uri switch
        {
            Caep + "session-revoked" => "session-revoked",
            Caep + "token-claims-change" => "token-claims-change",
            Caep + "credential-change" => "credential-change",
            Risc + "account-credential-change-required" => "account-credential-change-required",
            Risc + "account-disabled" => "account-disabled",
            Risc + "account-purged" => "account-purged",
            Risc + "credential-compromise" => "credential-compromise",
            Risc + "sessions-revoked" => "sessions-revoked",
            _ => null,
        };
}
