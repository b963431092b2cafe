namespace IntrospectionAuth.ClientCredentials;

/// <summary>What a token response was read as: a token, or why it is none.</summary>
internal readonly struct TokenReading
{
    private TokenReading(string? token, TimeSpan lifetime, string? fault)
    {
        Token = token;
        Lifetime = lifetime;
        Fault = fault;
    }

    public string? Token { get; }

    public TimeSpan Lifetime { get; }

    /// <summary>A fixed phrase: nothing that the server has sent is in it.</summary>
    public string? Fault { get; }

    public static TokenReading Of(string token, TimeSpan lifetime) => new(token, lifetime, null);

    public static TokenReading NotAToken(string fault) => new(null, default, fault);
}
