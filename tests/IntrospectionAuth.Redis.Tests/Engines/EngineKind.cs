namespace IntrospectionAuth.Redis.Tests.Engines;

/// <summary>A server that speaks the protocol of Redis.</summary>
public enum EngineKind
{
    /// <summary>The Debian package redis-server.</summary>
    Redis,

    /// <summary>The .NET tool garnet-server, which has no streams and no Lua by default.</summary>
    Garnet,
}
