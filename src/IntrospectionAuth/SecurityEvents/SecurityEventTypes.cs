using System.Collections.Frozen;

namespace IntrospectionAuth.SecurityEvents;

/// <summary>The types of events that are processed, by their URIs, each with its name in logs and metrics.</summary>
internal static class SecurityEventTypes
{
    public const string Verification = "https://schemas.openid.net/secevent/ssf/event-type/verification";
    public const string StreamUpdated = "https://schemas.openid.net/secevent/ssf/event-type/stream-updated";

    private const string Caep = "https://schemas.openid.net/secevent/caep/event-type/"; // CAEP 1.0, section 3
    private const string Risc = "https://schemas.openid.net/secevent/risc/event-type/"; // RISC 1.0, section 2

    private static readonly FrozenDictionary<string, string> s_revocations = new[]
    {
        (Caep, "session-revoked"),
        (Caep, "token-claims-change"),
        (Caep, "credential-change"),
        (Risc, "account-credential-change-required"),
        (Risc, "account-disabled"),
        (Risc, "account-purged"),
        (Risc, "credential-compromise"),
        (Risc, "sessions-revoked"),
    }.ToFrozenDictionary(static type => type.Item1 + type.Item2, static type => type.Item2, StringComparer.Ordinal);

    /// <returns>The name of an event after which tokens must be introspected again; null for any other event.</returns>
    public static string? FindRevocation(string uri) => s_revocations.GetValueOrDefault(uri);
}
