using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Certificates;

namespace IntrospectionAuth.Tests.Certificates;

/// <summary>A certificate is valid from its first second to its last (RFC 5280, section 4.1.2.5).</summary>
public sealed class PresentedCertificateTests
{
    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(3600, true)]
    [InlineData(3601, false)]
    public void A_certificate_is_valid_in_its_first_and_its_last_second(int second, bool isValid)
    {
        using var authority = new TestAuthority();
        DateTimeOffset first = Support.ManualTimeProvider.Start;
        using X509Certificate2 certificate = authority.Issue("api", notBefore: first, notAfter: first.AddHours(1));
        using var presented = new PresentedCertificate(certificate, others: null);

        Assert.Equal(isValid, presented.FindInvalidity(first.AddSeconds(second)) is null);
    }
}
