using System.Text.Json.Nodes;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;

namespace IntrospectionAuth.Tests.ClientAuthentication;

/// <summary>The client assertion of a call, taken apart and verified.</summary>
internal sealed class Assertion
{
    private Assertion(string text, Jws jws)
    {
        Text = text;
        Jws = jws;
        Header = JsonNode.Parse(Base64UrlText.Decode(text.AsSpan(0, text.IndexOf('.', StringComparison.Ordinal)))!)!.AsObject();
        Claims = JsonNode.Parse(jws.Payload.Span)!.AsObject();
    }

    public string Text { get; }

    public Jws Jws { get; }

    public JsonObject Header { get; }

    public JsonObject Claims { get; }

    /// <summary>Reads the assertion, and verifies it with the key.</summary>
    public static Assertion Verify(IntrospectionCall call, JoseKey key)
    {
        Assert.Equal(
            "client_assertion client_assertion_type client_id token token_type_hint",
            string.Join(' ', call.Parameters.Keys.Order(StringComparer.Ordinal))
        );
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", call.Parameters["client_assertion_type"]);
        Assert.False(call.Headers.ContainsKey("Authorization"));

        string text = call.Parameters["client_assertion"].ToString();
        Jws? jws = JwsReader.Read(text);
        Assert.True(jws!.Header.KeyId is null || key.KeyId is null || jws.Header.KeyId == key.KeyId);
        Assert.True(key.Verify(jws.Header.Algorithm, jws.SigningInput.Span, jws.Signature.Span), "The assertion is not signed by the key.");
        return new Assertion(text, jws);
    }
}
