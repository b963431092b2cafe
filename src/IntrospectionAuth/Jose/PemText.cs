using System.Text;

namespace IntrospectionAuth.Jose;

/// <summary>Text that should be PEM (RFC 7468), as files in the field have it.</summary>
internal static class PemText
{
    /// <summary>What is wrong with a certificate in the place of a key, to be continued behind "its content".</summary>
    public const string CertificateWithoutKey = "is a certificate without its private key";

    /// <param name="content">The content of a file: UTF-8 with or without a byte order mark, which ASCII is too.</param>
    /// <param name="fault">What is wrong with it, to be continued behind "its content"; null when the text is returned.</param>
    /// <returns>The text; or null.</returns>
    public static string? Decode(ReadOnlySpan<byte> content, out string? fault)
    {
        if (content is [0xEF, 0xBB, 0xBF, ..])
            content = content[3..];

        fault =
            content is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..] or [0, not 0, ..] or [not 0, 0, ..]
                ? "is UTF-16 text. Save it as UTF-8 or ASCII"
            : content.IndexOfAnyExcept(" \t\r\n\0"u8) < 0 ? "is empty"
            : null;
        return fault is null ? Encoding.UTF8.GetString(content) : null;
    }

    /// <returns>What the text is that has no private key in PEM, to be continued behind "its content".</returns>
    public static string DescribeKeyless(ReadOnlySpan<char> text) =>
        text.IsWhiteSpace() ? "is empty"
        : text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal)
            ? "is encrypted in the old format of OpenSSL (Proc-Type). Convert it with openssl pkcs8 -topk8"
        : text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? "is a private key that is damaged or cut off"
        : text.Contains("PUBLIC KEY-----", StringComparison.Ordinal) ? "is a public key"
        : text.Contains("-----BEGIN CERTIFICATE", StringComparison.Ordinal) ? CertificateWithoutKey
        : text.TrimStart() is ['{', ..] ? "is JSON, and not a private key in PEM"
        : "is not a private key in PEM (-----BEGIN PRIVATE KEY-----)";
}
