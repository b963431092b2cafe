using System.Formats.Asn1;
using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>
/// Imports the only private key in a file's content: PKCS #8, encrypted or not, PKCS #1 (RSA) or SEC 1 (EC), in PEM or DER. No fault
/// contains a part of the key or its password.
/// </summary>
internal static class PrivateKeyReader
{
    private const string Pkcs8 = "PRIVATE KEY",
        EncryptedPkcs8 = "ENCRYPTED PRIVATE KEY",
        Pkcs1 = "RSA PRIVATE KEY",
        Sec1 = "EC PRIVATE KEY";

    /// <param name="content">The content of a file.</param>
    /// <param name="password">The password of an encrypted key.</param>
    /// <param name="passwordName">The name of the password in messages.</param>
    /// <param name="fault">The rest of a sentence that begins with "its content"; null when the key is returned.</param>
    /// <returns>An <see cref="RSA"/> or <see cref="ECDsa"/> key; or null.</returns>
    public static AsymmetricAlgorithm? Read(ReadOnlySpan<byte> content, string? password, string passwordName, out string? fault)
    {
        if (IsDer(content))
        {
            return ReadDer(content, out fault) is var (label, der)
                ? Import(PemEncoding.Write(label, der), label, der, password, passwordName, out fault)
                : null;
        }

        return PemText.Decode(content, out fault) is { } text ? Read(text, password, passwordName, out fault) : null;
    }

    public static AsymmetricAlgorithm? Read(ReadOnlySpan<char> text, string? password, string passwordName, out string? fault)
    {
        PemFields key = default;
        int keyAt = 0,
            count = 0,
            at = 0;
        while (PemEncoding.TryFind(text[at..], out PemFields fields))
        {
            if (text[at..][fields.Label].EndsWith(Pkcs8, StringComparison.Ordinal))
            {
                count++;
                (key, keyAt) = (fields, at);
            }

            at += fields.Location.End.Value;
        }

        if (count != 1)
        {
            fault = count > 1 ? $"has {count} private keys; it must have exactly one" : PemText.DescribeMissingKey(text);
            return null;
        }

        ReadOnlySpan<char> found = text[keyAt..];
        byte[] der = new byte[key.DecodedDataLength];
        _ = Convert.TryFromBase64Chars(found[key.Base64Data], der, out _);
        return Import(found[key.Location], found[key.Label].ToString(), der, password, passwordName, out fault);
    }

    /// <summary>Whether the content is one DER value rather than text.</summary>
    public static bool IsDer(ReadOnlySpan<byte> content) =>
        content is [0x30, var length, ..] && (length >= 0x80 || content.Length >= length + 2);

    private static AsymmetricAlgorithm? Import(
        ReadOnlySpan<char> pem,
        string label,
        byte[] der,
        string? password,
        string passwordName,
        out string? fault
    )
    {
        try
        {
            fault = label switch
            {
                Pkcs8 or Pkcs1 or Sec1 => null,
                EncryptedPkcs8 when string.IsNullOrEmpty(password) => $"is encrypted, and {passwordName} is not set",
                EncryptedPkcs8 => EncryptedKeyAlgorithm.FindFault(der),
                "OPENSSH PRIVATE KEY" => "is a key in OpenSSH format. Convert it with ssh-keygen -p -m PKCS8",
                _ => "is neither an RSA nor an EC key",
            };
            if (fault is not null)
                return null;

            string? used = label == EncryptedPkcs8 ? password : null;
            AsymmetricAlgorithm? key = label == Sec1 ? null : TryImport(pem, RSA.Create(), used);
            key ??= label == Pkcs1 ? null : TryImport(pem, ECDsa.Create(), used);
            fault =
                key is not null ? null
                : used is null ? "is damaged, or neither an RSA nor an EC key"
                : $"is encrypted, and {passwordName} does not open it, or is neither an RSA nor an EC key";
            return key;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    private static TKey? TryImport<TKey>(ReadOnlySpan<char> pem, TKey empty, string? password)
        where TKey : AsymmetricAlgorithm
    {
        try
        {
            if (password is null)
                empty.ImportFromPem(pem);
            else
                empty.ImportFromEncryptedPem(pem, password);
            return empty;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            empty.Dispose();
            return null;
        }
    }

    /// <returns>The value and its PEM label; null when it is not a private key.</returns>
    private static (string Label, byte[] Der)? ReadDer(ReadOnlySpan<byte> content, out string? fault)
    {
        try
        {
            // Without trailing bytes that an editor appended
            byte[] der = new AsnReader(content.ToArray(), AsnEncodingRules.BER).PeekEncodedValue().ToArray();
            AsnReader outer = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
            UniversalTagNumber[] tags = new UniversalTagNumber[3];
            for (int i = 0; i < tags.Length && outer.HasData; i++)
            {
                tags[i] = (UniversalTagNumber)outer.PeekTag().TagValue;
                outer.ReadEncodedValue();
            }

            (string? label, fault) = tags switch
            {
                [UniversalTagNumber.Integer, UniversalTagNumber.Integer, ..] => (Pkcs1, null),
                [UniversalTagNumber.Integer, UniversalTagNumber.OctetString, ..] => (Sec1, null),
                [UniversalTagNumber.Integer, UniversalTagNumber.Sequence, UniversalTagNumber.OctetString] => (Pkcs8, null),
                [UniversalTagNumber.Sequence, UniversalTagNumber.OctetString, ..] => (EncryptedPkcs8, null),
                [UniversalTagNumber.Integer, UniversalTagNumber.Sequence, ..] => (
                    null,
                    "is a PKCS #12 file, not a private key in PEM or DER"
                ),
                [UniversalTagNumber.Sequence, UniversalTagNumber.BitString, ..] => (null, "is a public key"),
                [UniversalTagNumber.Sequence, UniversalTagNumber.Sequence, UniversalTagNumber.BitString] => (
                    null,
                    PemText.CertificateWithoutKey
                ),
                _ => ((string?)null, "is not a private key in PEM or DER"),
            };
            return label is null ? null : (label, der);
        }
        catch (AsnContentException)
        {
            fault = "is damaged";
            return null;
        }
    }
}
