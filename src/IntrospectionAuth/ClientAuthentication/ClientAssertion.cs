using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.ClientAuthentication;

/// <summary>
/// A client assertion (RFC 7523, sections 2.2 and 3): a signed JWT that identifies the client, with its audience and time.
/// </summary>
internal static class ClientAssertion
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>From <c>iat</c> to <c>exp</c>. An assertion is used once; the time allows for clock skew and queued calls.</summary>
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(60);

    /// <summary>The claims, with a fresh <c>jti</c>.</summary>
    public static ReadOnlySpan<byte> CreateClaims(OAuthIntrospectionOptions options, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("iss", options.ClientId);
            json.WriteString("sub", options.ClientId);
            json.WriteString("aud", FindAudience(options));
            json.WriteString("jti", Base64UrlText.Encode(RandomNumberGenerator.GetBytes(16)));
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + s_lifetime).ToUnixTimeSeconds());
            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }

    /// <summary>
    /// Adds an assertion to the form, with <c>client_id</c>: RFC 7521, section 4.2 allows it, and some servers need it to find the key.
    /// </summary>
    public static void Add(IDictionary<string, string> parameters, string? clientId, string assertion)
    {
        parameters["client_id"] = clientId!;
        parameters["client_assertion_type"] = AssertionType;
        parameters["client_assertion"] = assertion;
    }

    /// <summary>Checks the options that every assertion needs in addition to the client id.</summary>
    public static IEnumerable<string> FindFaults(string method, OAuthIntrospectionOptions options)
    {
        if (string.IsNullOrWhiteSpace(FindAudience(options)))
        {
            yield return $"The audience of the assertions of {method} is not known. Set ClientAssertionAudience to the issuer of the "
                + "authorization server, or Authority if that is its issuer.";
        }
    }

    private static string? FindAudience(OAuthIntrospectionOptions options) =>
        string.IsNullOrWhiteSpace(options.ClientAssertionAudience) ? options.Authority : options.ClientAssertionAudience;
}
