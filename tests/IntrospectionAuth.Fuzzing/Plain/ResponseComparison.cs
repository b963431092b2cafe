using IntrospectionAuth.Fuzzing.Targets;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>Compares an active response that the library has read with a second reading of the same bytes.</summary>
internal static class ResponseComparison
{
    public static void Check(byte[] body, BodyReading reading, DateTimeOffset askedAt)
    {
        PlainResponse? plain = PlainResponse.Read(body);
        string expected =
            plain is null ? "unusable"
            : plain.IsActive ? "active"
            : "inactive";
        string actual =
            reading.Response is not null ? "active"
            : reading == BodyReading.Inactive ? "inactive"
            : "unusable";
        Finding.UnlessEqual(expected, actual, "outcome");
        Finding.Unless(actual != "unusable" || reading.Fault is not null, "an unusable response has no reason");
        if (reading.Response is { } response)
            Check(plain!, response, askedAt);
    }

    private static void Check(PlainResponse plain, IntrospectionResponse response, DateTimeOffset askedAt)
    {
        PlainDate? expiry = plain.Lifetime ?? plain.Expiry;
        CheckDate(expiry, plain.Lifetime is null ? DateTimeOffset.UnixEpoch : askedAt, response.ExpiresAt, "exp");
        CheckDate(plain.NotBefore, DateTimeOffset.UnixEpoch, response.NotBefore, "nbf");
        CheckDate(plain.IssuedAt, DateTimeOffset.UnixEpoch, response.IssuedAt, "iat");
        Finding.UnlessEqual(plain.Lifetime is not null || plain.Expiry?.IsClamped == true, response.IsExpiryUncertain, "uncertain expiry");
        Finding.UnlessEqual(plain.Issuer, response.Issuer, "iss");
        Finding.Unless(plain.Audiences.SequenceEqual(response.Audiences, StringComparer.Ordinal), "aud");
        Finding.Unless(
            plain.Claims.SequenceEqual(response.Members.Select(static it => (it.Name, it.Text, it.ValueType))),
            "the claims differ"
        );

        (TokenKind Kind, string? Word)[] kinds = [.. plain.Kinds.Select(static it => (PlainTokenKind.Of(it.Name, it.Word), it.Word))];
        Finding.UnlessEqual(kinds.Select(static it => it.Kind).Append(TokenKind.Access).Max(), response.Kind, "kind");
        Finding.Unless(
            kinds.Where(static it => it.Kind == TokenKind.Unknown).Select(static it => it.Word).SequenceEqual(response.UnknownUses),
            "token_use"
        );
        CheckConfirmation(plain, response.Confirmation);
    }

    /// <summary>R8: everything that binds a token is checked, and what is not understood refuses it.</summary>
    private static void CheckConfirmation(PlainResponse plain, Confirmation? confirmation)
    {
        string[] types = [.. plain.Kinds.Select(static it => it.Word?.ToUpperInvariant() ?? "")];
        bool needsKey = types.Contains("DPOP");
        bool isBoundOtherwise = types.Contains("POP") || types.Contains("MAC");

        PlainValue? cnf = plain.Confirmation;
        (string? Name, PlainValue Value)[] members = [.. (cnf?.Members ?? []).Where(static it => it.Value.Kind != PlainKind.Null)];
        bool isUnderstood =
            cnf?.Kind == PlainKind.Object
            && members.Length > 0
            && Array.TrueForAll(members, static it => it.Name is "jkt" or "x5t#S256" && it.Value.Kind == PlainKind.String)
            && members.Select(static it => it.Name).Distinct(StringComparer.Ordinal).Count() == members.Length;
        string? key = isUnderstood ? Array.Find(members, static it => it.Name == "jkt").Value?.Text : null;
        string? certificate = isUnderstood ? Array.Find(members, static it => it.Name == "x5t#S256").Value?.Text : null;
        if (isBoundOtherwise || (needsKey && key is null))
            (isUnderstood, key, certificate) = (false, null, null);

        Finding.UnlessEqual(cnf is not null || isBoundOtherwise || needsKey, confirmation is not null, "bound");
        Finding.UnlessEqual(isUnderstood, confirmation?.IsUnderstood ?? false, "binding understood");
        Finding.UnlessEqual(key, confirmation?.JwkThumbprint, "jkt");
        Finding.UnlessEqual(certificate, confirmation?.CertificateThumbprint, "x5t#S256");
    }

    private static void CheckDate(PlainDate? expected, DateTimeOffset start, DateTimeOffset? actual, string name) =>
        Finding.Unless(expected is null ? actual is null : expected.IsSame(actual, start), name);
}
