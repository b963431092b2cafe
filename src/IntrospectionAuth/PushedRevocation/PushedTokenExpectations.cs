using System.Text.Json;

namespace IntrospectionAuth.PushedRevocation;

/// <summary>What a pushed token must say to be accepted.</summary>
internal sealed class PushedTokenExpectations
{
    /// <summary>How much the clocks may differ, in addition to <see cref="OAuthIntrospectionOptions.ClockSkew"/>.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <summary>The <c>typ</c> of its header, without <c>application/</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Whether a header without <c>typ</c>, or with <c>JWT</c>, is accepted too.</summary>
    public bool AcceptsUntyped { get; init; }

    public required string Issuer { get; init; }

    /// <summary>The URL of the sender's keys; null for those of the scheme's authorization server.</summary>
    public Uri? KeysUrl { get; init; }

    /// <summary>One of these must be in its <c>aud</c>.</summary>
    public required IReadOnlyCollection<string> Audiences { get; init; }

    public bool RequiresExpiry { get; init; }

    /// <summary>How old its <c>iat</c> may be, which is also how long its <c>jti</c> is remembered at most.</summary>
    public required TimeSpan MaximumAge { get; init; }

    /// <summary>Checks the other claims before the signature: a fixed sentence that says what is wrong, or null.</summary>
    public required Func<JsonElement, string?> FindFault { get; init; }
}
