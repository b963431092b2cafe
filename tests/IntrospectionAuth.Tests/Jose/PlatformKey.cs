using System.Security.Cryptography;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>Platform keys whose private part cannot be exported, like those in hardware, and whose use a test can observe.</summary>
internal static class PlatformKey
{
    private static CryptographicException NotExported => new("It does not leave.");

    public sealed class Ec(ECDsa key, Action? onVerify = null) : ECDsa
    {
        public bool IsDisposed { get; private set; }

        public override int KeySize => key.KeySize;

        public override ECParameters ExportParameters(bool includePrivateParameters) =>
            includePrivateParameters ? throw NotExported : key.ExportParameters(includePrivateParameters: false);

        public override byte[] SignHash(byte[] hash) => key.SignHash(hash);

        public override bool VerifyHash(byte[] hash, byte[] signature)
        {
            onVerify?.Invoke();
            return key.VerifyHash(hash, signature);
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }

    public sealed class Rsa(RSA key, Action? onVerify = null) : RSA
    {
        public override int KeySize => key.KeySize;

        public override RSAParameters ExportParameters(bool includePrivateParameters) =>
            includePrivateParameters ? throw NotExported : key.ExportParameters(includePrivateParameters: false);

        public override void ImportParameters(RSAParameters parameters) => throw new NotSupportedException();

        public override bool VerifyHash(byte[] hash, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)
        {
            onVerify?.Invoke();
            return key.VerifyHash(hash, signature, hashAlgorithm, padding);
        }
    }
}
