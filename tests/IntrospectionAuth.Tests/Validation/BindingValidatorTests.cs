using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Tests.Certificates;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Validation;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.Validation;

/// <summary>Every combination of what a token is bound to and what the request proves.</summary>
public sealed class BindingValidatorTests : IDisposable
{
    private readonly X509Certificate2 _certificate = CertificateServer.CreateCertificate("client");

    public void Dispose() => _certificate.Dispose();

    [Theory]
    [InlineData("key", false, "key", false, null)]
    [InlineData("key", false, "key", true, null)]
    [InlineData("key", false, "other", false, OAuthIntrospectionFailure.BindingNotProved)]
    [InlineData("key", false, null, false, OAuthIntrospectionFailure.DPoPRequired)]
    [InlineData("key", false, null, true, OAuthIntrospectionFailure.DPoPRequired)]
    [InlineData("key", true, "key", true, null)]
    [InlineData("key", true, "key", false, OAuthIntrospectionFailure.BindingNotProved)]
    [InlineData("key", true, "other", true, OAuthIntrospectionFailure.BindingNotProved)]
    [InlineData("key", true, null, true, OAuthIntrospectionFailure.DPoPRequired)]
    [InlineData(null, true, null, true, null)]
    [InlineData(null, true, null, false, OAuthIntrospectionFailure.BindingNotProved)]
    [InlineData(null, true, "key", true, OAuthIntrospectionFailure.NotBound)]
    public async Task A_request_must_prove_possession_of_everything_that_the_token_is_bound_to(
        string? bound,
        bool isCertificateBound,
        string? proved,
        bool showsCertificate,
        OAuthIntrospectionFailure? failure
    )
    {
        var confirmation = new Confirmation
        {
            JwkThumbprint = bound,
            CertificateThumbprint = isCertificateBound ? CertificateApi.ThumbprintOf(_certificate) : null,
        };

        Assert.Equal(failure, await BindingValidator.ValidateAsync(confirmation, Proof(proved), Request(showsCertificate)));
    }

    [Fact]
    public async Task An_unbound_token_must_not_have_a_proof_and_an_unknown_confirmation_accepts_none()
    {
        Assert.Equal(
            OAuthIntrospectionFailure.NotBound,
            await BindingValidator.ValidateAsync(confirmation: null, Proof("key"), Request(showsCertificate: true))
        );
        Assert.Equal(
            OAuthIntrospectionFailure.BindingNotProved,
            await BindingValidator.ValidateAsync(Confirmation.NotUnderstood, Proof("key"), Request(showsCertificate: true))
        );
        Assert.Equal(
            OAuthIntrospectionFailure.BindingNotProved,
            await BindingValidator.ValidateAsync(Confirmation.NotUnderstood, proof: null, Request(showsCertificate: true))
        );
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_proves_nothing()
    {
        X509Certificate2 gone = CertificateServer.CreateCertificate("client");
        var confirmation = new Confirmation { CertificateThumbprint = CertificateApi.ThumbprintOf(gone) };
        gone.Dispose(); // as a converter of the application may do
        var context = new DefaultHttpContext();
        context.Connection.ClientCertificate = gone;

        Assert.Equal(OAuthIntrospectionFailure.BindingNotProved, await BindingValidator.ValidateAsync(confirmation, proof: null, context));
    }

    private static VerifiedProof? Proof(string? key) =>
        key is null
            ? null
            : new()
            {
                KeyThumbprint = key,
                Id = "id",
                IssuedAt = ManualTimeProvider.Start,
                ExpiresAt = ManualTimeProvider.Start,
            };

    private DefaultHttpContext Request(bool showsCertificate)
    {
        var context = new DefaultHttpContext();
        context.Connection.ClientCertificate = showsCertificate ? _certificate : null;
        return context;
    }
}
