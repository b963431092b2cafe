using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Discovery;

/// <summary>Whether one of a server's keys signed a message, and the keys that were tried last.</summary>
internal sealed record SignatureVerification(bool IsVerified, Outcome<KeySet> Keys);
