using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace IntrospectionAuth.Testing.Endpoints;

/// <summary>
/// A client assertion (RFC 7523, section 2.2). It is a class and not a record, so that <c>ToString</c> does not print it.
/// </summary>
internal sealed class ClientAssertion
{
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private readonly string _algorithm;
    private readonly string? _issuer;
    private readonly string _signed;
    private readonly byte[] _signature;

    private ClientAssertion(string algorithm, JsonElement claims, string signed, byte[] signature)
    {
        (_algorithm, _signed, _signature) = (algorithm, signed, signature);
        _issuer = ReadString(claims, "iss");
        Subject = ReadString(claims, "sub");
    }

    public string? Subject { get; }

    /// <summary>The client authentication method that the algorithm implies: an HMAC uses the client's secret.</summary>
    public string Method =>
        _algorithm.StartsWith("HS", StringComparison.Ordinal)
            ? ClientAuthenticationMethods.SecretJwt
            : ClientAuthenticationMethods.PrivateKeyJwt;

    /// <returns>The assertion; null if the text is not a signed JWT.</returns>
    public static ClientAssertion? Read(string text)
    {
        string[] parts = text.Split('.');
        if (parts.Length != 3)
            return null;

        try
        {
            using JsonDocument header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0])),
                claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            return ReadString(header.RootElement, "alg") is { } algorithm and not "none"
                ? new ClientAssertion(algorithm, claims.RootElement, $"{parts[0]}.{parts[1]}", Base64Url.DecodeFromChars(parts[2]))
                : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether the assertion names the client (RFC 7523, section 3) and its HMAC, if it is one, was made with the client's secret.
    /// </summary>
    public bool IsBy(string clientId, string secret)
    {
        if (!string.Equals(_issuer, clientId, StringComparison.Ordinal) || !string.Equals(Subject, clientId, StringComparison.Ordinal))
            return false;

        byte[] key = Encoding.UTF8.GetBytes(secret),
            data = Encoding.ASCII.GetBytes(_signed);
        return _algorithm switch
        {
            "HS256" => _signature.AsSpan().SequenceEqual(HMACSHA256.HashData(key, data)),
            "HS384" => _signature.AsSpan().SequenceEqual(HMACSHA384.HashData(key, data)),
            "HS512" => _signature.AsSpan().SequenceEqual(HMACSHA512.HashData(key, data)),
            _ => !_algorithm.StartsWith("HS", StringComparison.Ordinal), // the server does not have the client's public key
        };
    }

    private static string? ReadString(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
