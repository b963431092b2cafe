using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Caching;

/// <summary>Says which answers are to be forgotten.</summary>
internal delegate bool Removal(string scheme, in CacheKey key, IntrospectionResult result);
