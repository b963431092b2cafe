using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Caching;

/// <summary>Says which active responses of a scheme are to be removed.</summary>
internal delegate bool Removal(IntrospectionResponse response);
