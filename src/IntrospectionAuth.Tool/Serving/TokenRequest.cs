using System.Globalization;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tool.Serving;

/// <summary>The token that <c>token</c> asks a running <c>serve</c> for.</summary>
internal sealed class TokenRequest
{
    private const string Scope = "scope",
        SubjectField = "sub",
        Audience = "aud",
        ExpiresIn = "expires_in",
        Text = "text",
        Json = "json";

    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The subject; null for the default.</summary>
    public string? Subject { get; init; }

    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>The lifetime; null for the default.</summary>
    public TimeSpan? Lifetime { get; init; }

    public IReadOnlyList<ClaimValue> Claims { get; init; } = [];

    public static TokenRequest Read(IFormCollection form) =>
        new()
        {
            Scopes = [.. form[Scope].OfType<string>()],
            Subject = form[SubjectField].FirstOrDefault(),
            Audiences = [.. form[Audience].OfType<string>()],
            Lifetime = double.TryParse(form[ExpiresIn], NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
                ? TimeSpan.FromSeconds(seconds)
                : null,
            Claims =
            [
                .. form[Text].OfType<string>().Select(static text => ClaimValue.Split(text, isJson: false)),
                .. form[Json].OfType<string>().Select(static text => ClaimValue.Split(text, isJson: true)),
            ],
        };

    public IEnumerable<KeyValuePair<string, string>> ToForm()
    {
        foreach (string scope in Scopes)
            yield return KeyValuePair.Create(Scope, scope);
        if (Subject is not null)
            yield return KeyValuePair.Create(SubjectField, Subject);
        foreach (string audience in Audiences)
            yield return KeyValuePair.Create(Audience, audience);
        if (Lifetime is { } lifetime)
            yield return KeyValuePair.Create(ExpiresIn, lifetime.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        foreach (ClaimValue claim in Claims)
            yield return KeyValuePair.Create(claim.IsJson ? Json : Text, $"{claim.Name}={claim.Value}");
    }

    public void Apply(FakeToken token)
    {
        token.Scopes = Scopes;
        token.Audiences = Audiences;
        token.Subject = Subject ?? token.Subject;
        token.Lifetime = Lifetime ?? token.Lifetime;
        foreach (ClaimValue claim in Claims)
            token.Members[claim.Name] = claim.IsJson ? new FakeJson(claim.Value) : claim.Value;
    }
}
