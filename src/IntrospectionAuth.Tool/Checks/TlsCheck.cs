using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Checks;

/// <summary>Checks the certificate of a server by the rules of this machine: its chain, its names, its dates.</summary>
internal static class TlsCheck
{
    private const int DaysBeforeExpiry = 14;
    private const string SetCertificate = "Set ClientAuthenticationMethod to tls_client_auth, and CertificatePath.";

    [SuppressMessage("Design", "CA1031", Justification = "Every failure is a finding.")]
    public static async Task<Step> RunAsync(
        Stream connection,
        string host,
        OAuthIntrospectionOptions options,
        TimeProvider time,
        string target,
        CancellationToken cancellationToken
    )
    {
        Step? verdict = null;
        bool isAsked = false;
        await using var tls = new SslStream(connection);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    LocalCertificateSelectionCallback = (_, _, _, remote, _) =>
                    {
                        isAsked |= remote is not null; // called again when the server asks for a certificate
                        return null!;
                    },
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    {
                        verdict = Judge(certificate as X509Certificate2, chain, errors, host, target, time.GetUtcNow());
                        return verdict.Verdict != Verdict.Fail;
                    },
                },
                cancellationToken
            );
            return isAsked && !options.PresentsCertificate && verdict!.Verdict == Verdict.Ok
                ? Step.Warn(
                    StepNames.Tls,
                    $"{target} asks for a client certificate, and none is configured.",
                    "It may require one. " + SetCertificate,
                    target
                )
                : verdict!;
        }
        catch (Exception exception)
        {
            // A server that wants a client certificate may end the handshake here, after it has shown its own.
            if (verdict is { Verdict: Verdict.Fail } || (verdict is not null && options.PresentsCertificate))
                return verdict;

            return Step.Fail(
                StepNames.Tls,
                exception is OperationCanceledException
                    ? $"{target} does not complete the TLS handshake in time."
                    : $"{target} does not complete the TLS handshake ({Describe(exception)}).",
                verdict is null
                    ? "The port probably speaks plain http or another protocol. Correct the scheme or the port of the URL."
                    : "The server probably wants a client certificate. " + SetCertificate,
                target
            );
        }
    }

    private static Step Judge(
        X509Certificate2? certificate,
        X509Chain? chain,
        SslPolicyErrors errors,
        string host,
        string target,
        DateTimeOffset now
    )
    {
        if (certificate is null)
            return Step.Fail(StepNames.Tls, $"{target} shows no certificate.", "Correct the certificate of the server.", target);

        string until = certificate.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        X509ChainStatusFlags status = (chain?.ChainStatus ?? []).Aggregate(
            X509ChainStatusFlags.NoError,
            static (all, one) => all | one.Status
        );
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            bool hasExpired = certificate.NotAfter.ToUniversalTime() <= now.UtcDateTime;
            return Step.Fail(
                StepNames.Tls,
                hasExpired ? $"The certificate of {host} expired on {until}." : $"A certificate of {host} is not valid now.",
                "Renew the certificate at the authorization server, or correct the clock of this machine.",
                target
            );
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return Step.Fail(
                StepNames.Tls,
                $"The certificate is not for {host} but for {NamesOf(certificate)}.",
                "Use a host name that the certificate has, or add the host to the certificate.",
                target
            );
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            return Step.Fail(
                StepNames.Tls,
                $"This machine does not trust the certificate of {host} ({Describe(status)}).",
                "Add the certificate of its issuer to the trusted roots of the machine that runs the API. "
                    + "For the development certificate of ASP.NET Core: dotnet dev-certs https --trust.",
                target
            );
        }

        return certificate.NotAfter.ToUniversalTime() < now.UtcDateTime.AddDays(DaysBeforeExpiry)
            ? Step.Warn(StepNames.Tls, $"The certificate of {host} expires on {until}.", "Renew it in time.", target)
            : Step.Ok(StepNames.Tls, $"certificate for {host}, valid until {until}", target);
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        string[] names =
        [
            .. certificate
                .Extensions.OfType<X509SubjectAlternativeNameExtension>()
                .SelectMany(static names => names.EnumerateDnsNames())
                .Take(3),
        ];
        return names.Length > 0 ? LogText.OfAll(names) : LogText.Of(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
    }

    private static string Describe(X509ChainStatusFlags status) =>
        status.HasFlag(X509ChainStatusFlags.UntrustedRoot) ? "its root is not trusted"
        : status.HasFlag(X509ChainStatusFlags.PartialChain) ? "its issuer is unknown here, or the server does not send the intermediate"
        : status.ToString();

    private static string Describe(Exception exception) =>
        exception is AuthenticationException or IOException ? "the handshake was broken off" : exception.GetType().Name;
}
