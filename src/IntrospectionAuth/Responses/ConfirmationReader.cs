using System.Text.Json;

namespace IntrospectionAuth.Responses;

/// <summary>Reads <c>cnf</c> (RFC 7800, section 3.1). One member that is not understood is enough for the whole not to be.</summary>
internal static class ConfirmationReader
{
    /// <param name="json">Stands on the value; a copy, which moves alone.</param>
    /// <returns>What it says; null when it is JSON's null.</returns>
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
                continue; // as if it were not there, as everywhere in an answer

            ref string? thumbprint = ref isJwk ? ref jwkThumbprint : ref certificateThumbprint;
            if (json.TokenType != JsonTokenType.String || !(isJwk || isCertificate) || thumbprint is not null)
                return Confirmation.NotUnderstood;

            thumbprint = json.GetString();
        }

        return new Confirmation { JwkThumbprint = jwkThumbprint, CertificateThumbprint = certificateThumbprint };
    }
}
