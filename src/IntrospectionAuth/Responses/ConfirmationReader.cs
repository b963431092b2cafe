using System.Text.Json;

namespace IntrospectionAuth.Responses;

/// <summary>Reads <c>cnf</c> (RFC 7800, section 3.1). One unknown member makes the whole binding unknown.</summary>
internal static class ConfirmationReader
{
    /// <param name="json">A reader at the value. It is a copy, so the caller's reader does not move.</param>
    /// <returns>The binding; null when the value is JSON's null.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">It is not Unicode.</exception>
    public static Confirmation? Read(Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        if (json.TokenType != JsonTokenType.StartObject)
            return Confirmation.NotUnderstood;

        string? jwkThumbprint = null,
            certificateThumbprint = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isJwk = json.ValueTextEquals("jkt"u8);
            bool isCertificate = json.ValueTextEquals("x5t#S256"u8);
            json.Read();
            if (json.TokenType == JsonTokenType.Null)
                continue; // Null counts as absent, as everywhere in a response.

            ref string? thumbprint = ref isJwk ? ref jwkThumbprint : ref certificateThumbprint;
            if (json.TokenType != JsonTokenType.String || !(isJwk || isCertificate) || thumbprint is not null)
                return Confirmation.NotUnderstood;

            thumbprint = json.GetString();
        }

        return new Confirmation { JwkThumbprint = jwkThumbprint, CertificateThumbprint = certificateThumbprint };
    }
}
