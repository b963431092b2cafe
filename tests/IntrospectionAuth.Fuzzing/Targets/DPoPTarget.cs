using IntrospectionAuth.DPoP;
using IntrospectionAuth.Fuzzing.Plain;
using IntrospectionAuth.Jose;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>The <c>DPoP</c> header of a request: a line for each of its values.</summary>
internal sealed class DPoPTarget : FuzzTarget
{
    private const string Host = "resource.example.org";
    private const string Path = "/protectedresource";
    private const string Token = "token";

    private static readonly DPoPNonces s_nonces = new(new EphemeralDataProtectionProvider());
    private static readonly OAuthIntrospectionDPoPOptions s_options = new();

    public override string Name => "dpop-proof";

    public override string Purpose => "a DPoP proof (RFC 9449), for a request and a token";

    public override int MaximumLength => 2048;

    public override IReadOnlyList<string> Words { get; } =
    [
        "\"typ\":\"dpop+jwt\"",
        "application/dpop+jwt",
        "\"alg\":\"ES256\"",
        "\"alg\":\"RS256\"",
        "\"alg\":\"ES384\"",
        "\"alg\":\"none\"",
        "\"alg\":\"HS256\"",
        "\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",",
        "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"",
        "\"d\":null",
        "\"crit\":[]",
        "\"b64\":false",
        "\"kid\":\"1\"",
        "\"jti\":\"1\"",
        "\"htm\":\"GET\"",
        "\"htu\":\"https://resource.example.org/protectedresource\"",
        "/../",
        "%2e%2e/",
        "%2F",
        ":443",
        "\"iat\":1767225600",
        "\"ath\":\"PEaenWxYddN6Q_NT1PiOYfz4EsZu7jRXRlpAsNpBU-A\"",
        "\"nonce\":\"AAAA\"",
    ];

    /// <summary>A key is imported and a signature verified.</summary>
    protected override (int Fixed, int PerByte) Time => (20_000, 50);

    public override void Run(byte[] input)
    {
        var message = new JoseInput(input);
        string[] headers = message.IsSigned is null ? message.Text.Split('\n') : [message.Text];
        (ProofFault fault, string? id, string? thumbprint) = Measure(input, () => Validate(headers));
        PlainProof? expected = PlainProof.Read(headers, message.IsSigned, Token, Host, Path, Now);

        if (expected is not { IsDoubtful: true } || fault == ProofFault.None)
            Finding.UnlessEqual(expected is not null, fault == ProofFault.None, "accepted");
        if (fault != ProofFault.None)
            return;

        Finding.UnlessEqual(expected!.Id, id, "jti");
        Finding.UnlessEqual(expected.Thumbprint, thumbprint, "thumbprint");
    }

    private static (ProofFault Fault, string? Id, string? Thumbprint) Validate(string[] headers)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        (request.Method, request.Scheme, request.Path) = ("GET", "https", Path);
        request.Headers.Host = Host;
        if (DPoPProofReader.Read(headers, out ProofFault fault) is not { } proof)
            return (fault, null, null);

        fault = DPoPProofValidator.Validate(proof, request, Token, s_options, s_nonces, Now, out JoseKey? key);
        using (key)
            return (fault, proof.Id, key?.Thumbprint);
    }
}
