using System.Collections.Concurrent;
using System.Security.Claims;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>The claims of each token, by the hash of the token.</summary>
internal sealed class KnownClaims() : ConcurrentDictionary<string, Claim[]>(StringComparer.Ordinal);
