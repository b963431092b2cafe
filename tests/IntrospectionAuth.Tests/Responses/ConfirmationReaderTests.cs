using System.Text;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Tests.Responses;

/// <summary>The binding of a token in a response. A binding that is not understood rejects the token.</summary>
public sealed class ConfirmationReaderTests
{
    [Theory]
    [InlineData("""{"active":true}""")]
    [InlineData("""{"active":true,"cnf":null}""")]
    [InlineData("""{"active":true,"token_type":"Bearer"}""")]
    [InlineData("""{"active":true,"CNF":{"jkt":"x"}}""")]
    public void A_token_is_not_bound(string body) => Assert.Null(Read(body));

    [Theory]
    [InlineData("""{"active":true,"cnf":{"jkt":"x"}}""", "x", null)]
    [InlineData("""{"active":true,"cnf":{"x5t#S256":"y"}}""", null, "y")]
    [InlineData("""{"active":true,"cnf":{"x5t#S256":"y","jkt":"x"}}""", "x", "y")]
    [InlineData("""{"active":true,"cnf":{"x5t#S256":"y","jkt":null,"kid":null}}""", null, "y")]
    [InlineData("""{"active":true,"\u0063nf":{"\u006akt":"x"}}""", "x", null)]
    [InlineData("""{"active":true,"token_type":"DPoP","cnf":{"jkt":"x"}}""", "x", null)]
    [InlineData("""{"token_type":"dpop","active":true,"cnf":{"jkt":"x","x5t#S256":"y"}}""", "x", "y")]
    public void A_token_is_bound_to_a_key_or_a_certificate(string body, string? key, string? certificate)
    {
        Confirmation confirmation = Read(body)!;

        Assert.True(confirmation.IsUnderstood);
        Assert.Equal((key, certificate), (confirmation.JwkThumbprint, confirmation.CertificateThumbprint));
    }

    [Theory]
    [InlineData("""{"active":true,"cnf":{}}""")]
    [InlineData("""{"active":true,"cnf":[]}""")]
    [InlineData("""{"active":true,"cnf":[{"jkt":"x"}]}""")]
    [InlineData("""{"active":true,"cnf":""}""")]
    [InlineData("""{"active":true,"cnf":"x"}""")]
    [InlineData("""{"active":true,"cnf":false}""")]
    [InlineData("""{"active":true,"cnf":0}""")]
    [InlineData("""{"active":true,"cnf":{"kid":"x"}}""")]
    [InlineData("""{"active":true,"cnf":{"jwk":{"kty":"EC"}}}""")]
    [InlineData("""{"active":true,"cnf":{"x5t":"x"}}""")]
    [InlineData("""{"active":true,"cnf":{"X5T#S256":"x"}}""")]
    [InlineData("""{"active":true,"cnf":{"jkt":"x","kid":"y"}}""")]
    [InlineData("""{"active":true,"cnf":{"x5t#S256":"x","jwk":{"kty":"EC"}}}""")]
    [InlineData("""{"active":true,"cnf":{"x5t#S256":"x","osc":{}}}""")]
    [InlineData("""{"active":true,"cnf":{"jkt":"x","jkt":"x"}}""")]
    [InlineData("""{"active":true,"cnf":{"jkt":null}}""")]
    [InlineData("""{"active":true,"cnf":{"jkt":5}}""")]
    [InlineData("""{"active":true,"cnf":{"jkt":["x"]}}""")]
    [InlineData("""{"active":true,"cnf":{"x5t#S256":{"x":"y"}}}""")]
    [InlineData("""{"active":true,"token_type":"DPoP"}""")]
    [InlineData("""{"active":true,"token_type":"dpop","cnf":null}""")]
    [InlineData("""{"active":true,"token_type":["Bearer","DPoP"]}""")]
    [InlineData("""{"active":true,"token_type":"DPoP","cnf":{"x5t#S256":"x"}}""")]
    [InlineData("""{"active":true,"token_type":"PoP","cnf":{"jkt":"x"}}""")]
    [InlineData("""{"active":true,"cnf":{"x5t#S256":"x"},"token_type":"mac"}""")]
    [InlineData("""{"active":true,"token_type":" DPoP"}""")]
    [InlineData("""{"active":true,"token_type":"dpop_token"}""")]
    [InlineData("""{"active":true,"token_type":"urn:ietf:params:oauth:token-type:DPoP"}""")]
    [InlineData("""{"active":true,"token_type":"application/dpop;v=1"}""")]
    [InlineData("""{"active":true,"token_type":"pop-token"}""")]
    [InlineData("""{"active":true,"token_type":"MAC "}""")]
    public void A_token_can_have_a_binding_that_is_not_supported(string body) =>
        Assert.Same(Confirmation.NotUnderstood, Understood(Read(body)));

    [Theory]
    [InlineData("""{"active":true,"cnf":{"jkt":"x"}""")]
    [InlineData("""{"active":true,"cnf":{"jkt":"\ud800"}}""")]
    [InlineData("""{"active":true,"cnf":{"jkt":x}}""")]
    public void A_binding_that_is_not_JSON_makes_the_response_unusable(string body) =>
        Assert.NotNull(IntrospectionResponseReader.Read(Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch).Fault);

    /// <summary>The value that represents every unknown binding, if the binding has no member.</summary>
    private static Confirmation? Understood(Confirmation? confirmation) =>
        confirmation is { IsUnderstood: false } ? Confirmation.NotUnderstood : confirmation;

    private static Confirmation? Read(string body)
    {
        BodyReading reading = IntrospectionResponseReader.Read(Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch);
        Assert.Null(reading.Fault);
        return reading.Response!.Confirmation;
    }
}
