using System.Text;

namespace IntrospectionAuth.Jose;

/// <summary>Decodes text that should be PEM (RFC 7468), and describes common mistakes.</summary>
internal static class PemText
{
    /// <summary>The fault of a certificate in place of a key: the rest of a sentence that begins with "its content".</summary>
    public const string CertificateWithoutKey = "is a certificate without its private key";

    /// <param name="content">The content of a file: UTF-8 with or without a byte order mark, or ASCII.</param>
    /// <param name="fault">The rest of a sentence that begins with "its content"; null when the text is returned.</param>
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

    /// <returns>What a text without a private key in PEM is: the rest of a sentence that begins with "its content".</returns>
    public static string DescribeMissingKey(ReadOnlySpan<char> text) =>
        text.IsWhiteSpace() ? "is empty"
        : text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal)
            ? "is encrypted in the legacy OpenSSL format (Proc-Type). Convert it with openssl pkcs8 -topk8"
        : text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? "is a private key that is damaged or truncated"
        : text.Contains("PUBLIC KEY-----", StringComparison.Ordinal) ? "is a public key"
        : text.Contains("-----BEGIN CERTIFICATE", StringComparison.Ordinal) ? CertificateWithoutKey
        : text.TrimStart() is ['{', ..] ? "is JSON, not a private key in PEM"
        : "is not a private key in PEM (-----BEGIN PRIVATE KEY-----)";
}
