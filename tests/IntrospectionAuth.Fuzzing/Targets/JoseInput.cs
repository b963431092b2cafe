using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Fuzzing.Plain;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>
/// An input of a target that reads signed messages. After a J it has a header, a line break and a payload, which are encoded and signed
/// here; after a U the same with an invalid signature; after anything else it is the message as it is. Mutations of JSON reach more than
/// mutations of its encoding.
/// </summary>
internal sealed class JoseInput
{
    private const string X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    private const string Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

    /// <summary>The key of RFC 7515, appendix A.3, as an authorization server publishes it.</summary>
    public const string KeySet = $$"""{"keys":[{"kid":"1","use":"sig","alg":"ES256","kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}"}]}""";

    private static readonly ECDsa s_key = CreateKey();

    public JoseInput(byte[] input)
    {
        int lineBreak = Array.IndexOf(input, (byte)'\n');
        if (input is not [(byte)'J' or (byte)'U', ..] || lineBreak < 0)
        {
            Text = Encoding.Latin1.GetString(input.AsSpan(Math.Min(1, input.Length)));
            return;
        }

        IsSigned = input[0] == 'J';
        string signed = $"{PlainBase64.Encode(input[1..lineBreak])}.{PlainBase64.Encode(input[(lineBreak + 1)..])}";
        byte[] signature = IsSigned.Value ? s_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256) : new byte[64];
        Text = $"{signed}.{PlainBase64.Encode(signature)}";
    }

    public string Text { get; }

    /// <summary>Whether the message is signed by the key, with ES256; null when it was not encoded here.</summary>
    public bool? IsSigned { get; }

    /// <summary>The key that signs, as the oracles read it.</summary>
    public static PlainKey PlainKey { get; } =
        Plain.PlainKey.Read(PlainJson.Parse(Encoding.UTF8.GetBytes(KeySet), 16)!.Get("keys")!.Items[0])!;

    private static ECDsa CreateKey() =>
        ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                D = PlainBase64.Decode("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
                Q = new ECPoint { X = PlainBase64.Decode(X), Y = PlainBase64.Decode(Y) },
            }
        );
}
