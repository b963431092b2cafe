using System.Net;
using System.Text.RegularExpressions;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Tests.Conventions;

namespace IntrospectionAuth.Tests.Diagnostics;

/// <summary>Every failure has a remedy, and its link leads to a heading of a page.</summary>
public sealed partial class RemediesTests
{
    public static TheoryData<OAuthIntrospectionFailure> Failures => [.. Enum.GetValues<OAuthIntrospectionFailure>()];

    public static TheoryData<int> Reasons => [.. Enum.GetValues<UnavailableReason>().Select(reason => (int)reason)];

    public static TheoryData<int> ProofFaults => [.. Enum.GetValues<ProofFault>().Select(fault => (int)fault)];

    [Theory]
    [MemberData(nameof(Failures))]
    public void Every_failure_has_a_remedy(OAuthIntrospectionFailure failure) =>
        AssertIsUseful(Remedies.Of(failure, unavailability: null, ProofFault.None));

    [Theory]
    [InlineData(OAuthIntrospectionFailure.WrongAudience, "aud")]
    [InlineData(OAuthIntrospectionFailure.WrongIssuer, "iss")]
    public void A_response_without_the_compared_member_has_its_remedy(OAuthIntrospectionFailure failure, string member) =>
        Assert.Contains(
            $"If none was found, have the server put {member}",
            Remedies.Of(failure, unavailability: null, ProofFault.None).Text,
            StringComparison.Ordinal
        );

    [Theory]
    [MemberData(nameof(ProofFaults))]
    public void Every_fault_of_a_proof_has_a_remedy(int fault) => AssertIsUseful(ProofRemedies.Of((ProofFault)fault));

    [Fact]
    public void A_proof_for_another_URL_has_a_remedy_for_an_API_behind_a_proxy() =>
        Assert.StartsWith(
            "Create the proof for the URL of the request. Behind a proxy, call app.UseForwardedHeaders() first",
            ProofRemedies.Of(ProofFault.WrongUrl).Text,
            StringComparison.Ordinal
        );

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_kind_of_unavailability_has_a_remedy_and_a_description(int reason)
    {
        var unavailability = new Unavailability((UnavailableReason)reason)
        {
            StatusCode = HttpStatusCode.Forbidden,
            Fault = "the fault",
            Url = "https://as.example/introspect",
        };

        AssertIsUseful(Remedies.Of(OAuthIntrospectionFailure.Unavailable, unavailability, ProofFault.None));
        Assert.EndsWith(
            ", at https://as.example/introspect",
            UnavailabilityDescription.For(unavailability, new OAuthIntrospectionOptions()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_missing_token_has_a_remedy() => AssertIsUseful(Remedies.NoToken);

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, "host name")]
    [InlineData(HttpRequestError.SecureConnectionError, "certificate")]
    [InlineData(HttpRequestError.ConnectionError, "runs")]
    [InlineData(HttpRequestError.ResponseEnded, "runs")]
    [InlineData(HttpRequestError.ProxyTunnelError, "HTTPS_PROXY")]
    public void A_failed_connection_has_the_remedy_of_its_kind(HttpRequestError error, string text)
    {
        Remedy remedy = UnavailabilityRemedies.Of(new(UnavailableReason.Unreachable) { Exception = new HttpRequestException(error) });

        AssertIsUseful(remedy);
        Assert.Contains(text, remedy.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(302, "Redirects are never followed")]
    [InlineData(404, "Check the path of IntrospectionEndpoint")]
    [InlineData(405, "Check the path of IntrospectionEndpoint")]
    [InlineData(407, "Check the proxy")]
    [InlineData(429, "Have the server's limit for this client raised")]
    [InlineData(500, "Look at the log of the authorization server")]
    public void A_status_has_the_remedy_of_its_kind(int status, string text)
    {
        Remedy remedy = UnavailabilityRemedies.Of(new(UnavailableReason.UnexpectedStatus) { StatusCode = (HttpStatusCode)status });

        AssertIsUseful(remedy);
        Assert.StartsWith(text, remedy.Text, StringComparison.Ordinal);
    }

    internal static void AssertIsUseful(Remedy remedy)
    {
        Assert.EndsWith(".", remedy.Text, StringComparison.Ordinal);
        Assert.InRange(remedy.Text.Length, 20, 260);

        string[] target = remedy.Page.Split('#');
        Assert.True(File.Exists(Path.Combine(Repository.Root, target[0])), remedy.Page);
        if (target.Length > 1)
            Assert.Contains(target[1], AnchorsOf(target[0]), StringComparer.Ordinal);
        Assert.EndsWith(remedy.Page, remedy.Link, StringComparison.Ordinal);
    }

    private static IEnumerable<string> AnchorsOf(string page) =>
        Repository
            .Read(page)
            .Split('\n')
            .Where(line => line.StartsWith('#'))
            .Select(line => NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex("[^a-z0-9 _-]", RegexOptions.None, 1000)]
    private static partial Regex NotInAnchor();
}
