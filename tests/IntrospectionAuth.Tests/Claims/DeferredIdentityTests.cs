using System.Security.Claims;
using System.Security.Principal;
using System.Text;
using IntrospectionAuth.Claims;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Claims;

/// <summary>
/// An identity that creates its claims on first use behaves like one of the platform with the same claims whose types are case-sensitive.
/// </summary>
public sealed class DeferredIdentityTests
{
    private const string Issuer = "https://a.example";

    private static readonly MemberValue[] s_members =
    [
        new("scope", "read", ClaimValueTypes.String),
        new("scope", "write", ClaimValueTypes.String),
        new("Username", "ann", ClaimValueTypes.String),
        new("username", "bob", ClaimValueTypes.String),
        new("roles", "editor", ClaimValueTypes.String),
        new("exp", "1.7e9", ClaimValueTypes.Double),
        new("o", """{"x":1}""", JsonValueTypes.Object),
        new("empty", "", ClaimValueTypes.String),
        new("sub", "s", ClaimValueTypes.String),
    ];

    /// <summary>Operations on an identity before it is read.</summary>
    private static readonly Dictionary<string, Action<ClaimsIdentity>> s_histories = new(StringComparer.Ordinal)
    {
        ["nothing"] = static _ => { },
        ["one claim was read"] = static identity => _ = identity.FindFirst("roles"),
        ["claims were read"] = static identity => _ = identity.Claims,
        ["a claim was added"] = static identity => identity.AddClaim(new Claim("added", "1", ClaimValueTypes.String, "i", "o")),
        ["a claim of its own was added"] = static identity =>
            identity.AddClaim(new Claim("added", "1", ClaimValueTypes.String, "i", "o", identity)),
        ["claims were added"] = static identity => identity.AddClaims([new Claim("added", "1"), null, new Claim("roles", "author")]),
        ["a claim was removed"] = static identity => identity.RemoveClaim(identity.FindFirst("sub")),
        ["a foreign claim was to be removed"] = static identity => identity.TryRemoveClaim(new Claim("sub", "s")),
        ["all were removed"] = static identity => RemoveAll(identity),
        ["all were removed and one was added"] = static identity =>
        {
            RemoveAll(identity);
            identity.AddClaim(new Claim("added", "1"));
        },
        ["a claim was given a property"] = static identity => identity.FindFirst("sub")?.Properties["p"] = "v",
        ["it was labelled"] = static identity =>
        {
            identity.Label = "label";
            identity.BootstrapContext = "token";
            identity.Actor = new ClaimsIdentity([new Claim("sub", "actor")], "actor");
        },
        ["it was copied"] = static identity => _ = new ClaimsIdentity(identity),
    };

    /// <summary>Every way of reading an identity, as text.</summary>
    private static readonly Dictionary<string, Func<ClaimsIdentity, string>> s_views = new(StringComparer.Ordinal)
    {
        ["itself"] = Describe,
        ["ToList"] = static identity => Describe(identity.Claims.ToList(), identity),
        ["ToArray"] = static identity => Describe(identity.Claims.ToArray(), identity),
        ["Count"] = static identity =>
            $"{identity.Claims.Count()} {((ICollection<Claim>)identity.Claims).Count} {((List<Claim>)identity.Claims).Count}",
        ["Any"] = static identity => $"{identity.Claims.Any()} {identity.Claims.Any(claim => claim.Type == "sub")}",
        ["Last"] = static identity => $"{identity.Claims.LastOrDefault()}",
        ["Name"] = static identity => $"{identity.Name}",
        ["FindFirst"] = static identity =>
            Describe(
                [identity.FindFirst("USERNAME") ?? new Claim("none", ""), identity.FindFirst("none") ?? new Claim("none", "")],
                identity
            ),
        ["FindFirst by predicate"] = static identity =>
            $"{identity.FindFirst(claim => claim.Value == "s")} {identity.FindFirst(claim => claim.Value == "none")}",
        ["FindAll"] = static identity =>
            $"{Describe(identity.FindAll("Scope"), identity)} {Describe(identity.FindAll("none"), identity)} "
            + $"{Describe(identity.FindAll("added"), identity)}",
        ["FindAll by predicate"] = static identity => Describe(identity.FindAll(claim => claim.Value is "s" or "read"), identity),
        ["HasClaim"] = static identity =>
            string.Join(
                ' ',
                new[]
                {
                    ("scope", "write"),
                    ("SCOPE", "write"),
                    ("scope", "WRITE"),
                    ("scope", "none"),
                    ("roles", "editor"),
                    ("added", "1"),
                }.Select(pair => identity.HasClaim(pair.Item1, pair.Item2))
            ),
        ["HasClaim by predicate"] = static identity =>
            $"{identity.HasClaim(claim => claim.Type == "sub")} {identity.HasClaim(claim => claim.Type == "none")}",
        ["Clone"] = static identity => Describe(identity.Clone()),
        ["a clone's clone"] = static identity => Describe(identity.Clone().Clone()),
        ["new ClaimsIdentity(identity)"] = static identity => Describe(new ClaimsIdentity(identity)),
        ["new ClaimsIdentity(identity, null)"] = static identity => Describe(new ClaimsIdentity(identity, null)),
        ["new ClaimsIdentity(identity, claims)"] = static identity => Describe(new ClaimsIdentity(identity, [new Claim("more", "1")])),
        ["new ClaimsIdentity(identity, its claims)"] = static identity => Describe(new ClaimsIdentity(identity, identity.Claims)),
        ["new ClaimsIdentity(5 parameters)"] = static identity =>
            Describe(new ClaimsIdentity(identity, [new Claim("more", "1")], "type", "sub", "scope")),
        ["new ClaimsIdentity(6 parameters)"] = static identity =>
            Describe(new ClaimsIdentity(identity, null, "type", "sub", "scope", StringComparison.Ordinal)),
        ["new ClaimsIdentity(its claims)"] = static identity => Describe(new ClaimsIdentity(identity.Claims)),
        ["a derived class's copy"] = static identity => Describe(new DerivedIdentity(identity)),
        ["a derived class's copy that compares"] = static identity => Describe(new DerivedIdentity(identity, StringComparison.Ordinal)),
        ["an actor's copy"] = static identity => Describe(new DerivedIdentity(new ClaimsIdentity("outer") { Actor = identity }).Actor!),
        ["WriteTo"] = static identity => Convert.ToHexString(Write(identity)),
        ["read back"] = static identity => Describe(new ClaimsIdentity(new BinaryReader(new MemoryStream(Write(identity))))),
        ["principal"] = static identity => Describe(new ClaimsPrincipal(identity)),
        ["principal's clone"] = static identity => Describe(new ClaimsPrincipal(identity).Clone()),
        ["principal of a principal"] = static identity => Describe(new ClaimsPrincipal((IPrincipal)new ClaimsPrincipal(identity))),
        ["generic principal"] = static identity => Describe(new GenericPrincipal(identity, ["r"])),
        ["written principal"] = static identity => Convert.ToHexString(Write(new ClaimsPrincipal(identity))),
        ["IsInRole"] = static identity =>
            $"{new ClaimsPrincipal(identity).IsInRole("editor")} {new ClaimsPrincipal(identity).IsInRole("Editor")} "
            + $"{new ClaimsPrincipal(identity).IsInRole("author")}",
        ["null for a type or a value"] = static identity =>
            string.Join(
                ' ',
                new Action[]
                {
                    () => identity.FindFirst((string)null!),
                    () => identity.FindAll((string)null!),
                    () => identity.HasClaim(null!, "b"),
                    () => identity.HasClaim("a", null!),
                }.Select(action => Record.Exception(action)?.Message)
            ),
        ["refused"] = static identity =>
            string.Join(
                ' ',
                new Action[]
                {
                    () => identity.AddClaim(null!),
                    () => identity.AddClaims(null!),
                    () => identity.RemoveClaim(null),
                    () => identity.RemoveClaim(new Claim("a", "b")),
                    () => identity.FindFirst((string)null!),
                    () => identity.FindAll((string)null!),
                    () => identity.HasClaim(null!, "b"),
                    () => identity.HasClaim("a", null!),
                    () => identity.WriteTo(null!),
                    () => identity.Actor = identity,
                    () => identity.AddClaims(identity.Claims),
                }.Select(action => Record.Exception(action)?.Message)
            ),
    };

    public static IEnumerable<object[]> Combinations =>
        s_histories.Keys.SelectMany(_ => s_views.Keys, (history, view) => new object[] { history, view });

    [Theory]
    [MemberData(nameof(Combinations))]
    public void It_behaves_like_an_identity_of_the_platform(string history, string view)
    {
        ClaimsIdentity deferred = CreateDeferred(s_members),
            eager = CreateEager(s_members);

        s_histories[history](deferred);
        s_histories[history](eager);

        Assert.Equal(s_views[view](eager), s_views[view](deferred));
    }

    [Theory]
    [InlineData("""{"active":true}""")]
    [InlineData("""{"active":true,"permissions":{"read":true}}""")] // mapped to scope, which an object is not
    public void The_identity_of_a_response_without_claims_is_empty_but_has_the_response(string body)
    {
        IntrospectionResponse response = IntrospectionResponseReader.Read(Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch).Response!;
        var options = new OAuthIntrospectionOptions { ClaimMappings = { ["permissions"] = "scope" } };

        ClaimsPrincipal principal = PrincipalBuilder.Build(response, new(response), "scheme", options);

        Assert.Same(response, Assert.IsType<DeferredIdentity>(principal.Identity).Response);
        Assert.True(principal.Identity.IsAuthenticated);
        Assert.Empty(principal.Claims);
        Assert.Empty(principal.Clone().Claims);
        Assert.Empty(new ClaimsIdentity(principal.Identity).Claims);
    }

    [Fact]
    public void A_copy_of_an_identity_has_the_mapped_claims()
    {
        IntrospectionResponse response = IntrospectionResponseReader
            .Read("""{"active":true,"permissions":"read"}"""u8, DateTimeOffset.UnixEpoch)
            .Response!;
        var options = new OAuthIntrospectionOptions { ClaimMappings = { ["permissions"] = "scope" } };

        ClaimsPrincipal principal = PrincipalBuilder.Build(response, new(response), "scheme", options);

        Claim claim = Assert.Single(new ClaimsIdentity(principal.Identity).Claims);
        Assert.Equal(("scope", "read"), (claim.Type, claim.Value));
    }

    [Fact]
    public void A_claim_of_the_identity_itself_is_added_without_a_copy()
    {
        DeferredIdentity identity = CreateDeferred(s_members);
        var own = new Claim("added", "1", ClaimValueTypes.String, "i", "o", identity);

        identity.AddClaim(own);

        Assert.Same(own, identity.FindFirst("added"));
    }

    [Fact]
    public void The_debugger_views_show_the_claims()
    {
        Assert.Contains(
            "sub|s|http://www.w3.org/2001/XMLSchema#string|https://a.example",
            Describe(CreateDeferred(s_members)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Reading_a_name_a_role_or_a_scope_does_not_create_all_claims()
    {
        DeferredIdentity identity = CreateDeferred(s_members);

        _ = identity.Name;
        _ = identity.IsAuthenticated;
        _ = identity.FindFirst("sub");
        _ = identity.FindAll("scope").ToList();
        _ = identity.HasClaim("scope", "write");
        _ = new ClaimsPrincipal(identity).IsInRole("editor");

        Assert.False(identity.HasCreatedAllClaims);
        _ = identity.Claims;
        Assert.True(identity.HasCreatedAllClaims);
    }

    [Fact]
    public async Task A_request_that_is_authorized_by_scope_and_role_does_not_create_all_claims()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true,"scope":"read write","sub":"s","roles":["editor"]}""");
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                Endpoints = app =>
                    app.MapGet(
                            "/look",
                            (ClaimsPrincipal user) =>
                                $"{((DeferredIdentity)user.Identity!).HasCreatedAllClaims} {user.FindFirst("sub")?.Value}"
                        )
                        .RequireScope("write")
                        .RequireAuthorization(new AuthorizeAttribute { Roles = "editor" }),
            }
        );

        HttpResponseMessage response = await api.GetAsync("/look", "opaque-4711");

        Assert.Equal("False s", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public void Repeated_reads_return_the_same_claims()
    {
        DeferredIdentity identity = CreateDeferred(s_members);

        Claim subject = identity.FindFirst("sub")!;
        List<Claim> claims = [.. identity.Claims];

        Assert.Same(subject, identity.FindFirst("sub"));
        Assert.Same(subject, Assert.Single(identity.FindAll("sub")));
        Assert.Same(subject, claims[^1]);
        Assert.Same(identity.Claims, identity.Claims);
        Assert.All(claims.Zip(identity.Claims), pair => Assert.Same(pair.First, pair.Second));
    }

    [Fact]
    public void The_Claims_property_includes_a_claim_that_is_added_later()
    {
        DeferredIdentity identity = CreateDeferred(s_members);
        IEnumerable<Claim> claims = identity.Claims;

        identity.AddClaim(new Claim("added", "1"));

        Assert.Contains(claims, claim => claim.Type == "added");
    }

    [Fact]
    public void An_enumeration_that_started_earlier_finds_a_claim_that_is_added_later()
    {
        DeferredIdentity identity = CreateDeferred(s_members);
        IEnumerable<Claim> scopes = identity.FindAll("scope");

        identity.AddClaim(new Claim("scope", "admin"));

        Assert.Equal(["read", "write", "admin"], scopes.Select(claim => claim.Value));
    }

    [Trait("Load", "Heavy")]
    [Fact]
    public async Task Two_concurrent_first_reads_return_the_same_claims()
    {
        // Many claims, so that both threads create them at the same time.
        MemberValue[] members = [.. Enumerable.Range(0, 20_000).Select(i => new MemberValue("m", $"{i}", ClaimValueTypes.String))];
        for (int round = 0; round < 20; round++)
        {
            DeferredIdentity identity = CreateDeferred(members);

            (List<Claim> Found, IEnumerable<Claim> All, string Copy)[] seen = await OnTwoThreadsAsync(() =>
                (identity.FindAll("m").ToList(), identity.Claims, Describe(new ClaimsIdentity(identity)))
            );

            Assert.Equal(members.Length, seen[0].Found.Count);
            Assert.Same(seen[0].All, seen[1].All);
            Assert.True(seen[0].Found.SequenceEqual(seen[1].Found, ReferenceEqualityComparer.Instance), "Both found the same claims.");
            Assert.True(
                seen[0].Found.SequenceEqual(seen[0].All, ReferenceEqualityComparer.Instance),
                "They are the claims of the identity."
            );
            Assert.True(seen[0].Copy == seen[1].Copy, "Both copies are whole.");
        }
    }

    [Fact]
    public async Task Two_concurrent_reads_of_a_claim_return_the_same_object()
    {
        for (int round = 0; round < 20_000; round++)
        {
            DeferredIdentity identity = CreateDeferred(s_members);

            Claim?[] seen = await OnTwoThreadsAsync(() => identity.FindFirst("sub"));

            Assert.Same(seen[0], seen[1]);
        }
    }

    private static async Task<T[]> OnTwoThreadsAsync<T>(Func<T> look)
    {
        int ready = 0;
        Task<T> LookAsync() =>
            Task.Run(() =>
            {
                Interlocked.Increment(ref ready);
                SpinWait.SpinUntil(() => Volatile.Read(ref ready) == 2);
                return look();
            });
        return await Task.WhenAll(LookAsync(), LookAsync());
    }

    private static DeferredIdentity CreateDeferred(MemberValue[] members) =>
        new(
            new IntrospectionResponse { Members = members },
            new Dictionary<string, string>(),
            hasClaims: true,
            Issuer,
            "scheme",
            "username",
            "roles"
        );

    private static ClaimsIdentity CreateEager(MemberValue[] members)
    {
        var identity = new ClaimsIdentity(null, null, "scheme", "username", "roles", StringComparison.Ordinal);
        foreach (MemberValue member in members)
            identity.AddClaim(new Claim(member.Name, member.Text, member.ValueType, Issuer, Issuer, identity));
        return identity;
    }

    private static void RemoveAll(ClaimsIdentity identity)
    {
        foreach (Claim claim in identity.Claims.ToList())
            identity.RemoveClaim(claim);
    }

    private static byte[] Write(object written)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        if (written is ClaimsIdentity identity)
            identity.WriteTo(writer);
        else
            ((ClaimsPrincipal)written).WriteTo(writer);
        return stream.ToArray();
    }

    private static string Describe(ClaimsPrincipal principal) =>
        $"{string.Join('\n', principal.Identities.Select(Describe))}\n{principal.Claims.Count()} {principal.FindFirst("sub")} "
        + $"{principal.HasClaim("scope", "read")} {principal.Identity?.Name}";

    private static string Describe(ClaimsIdentity identity) =>
        $"{identity.AuthenticationType}|{identity.IsAuthenticated}|{identity.NameClaimType}|{identity.RoleClaimType}|{identity.Label}|{identity.BootstrapContext}"
        + $"|{(identity.Actor is { } actor ? Describe(actor) : "")}|{identity.Name}\n{Describe(identity.Claims, identity)}";

    private static string Describe(IEnumerable<Claim> claims, ClaimsIdentity subject) =>
        string.Join(
            '\n',
            claims.Select(claim =>
                $"{claim.Type}|{claim.Value}|{claim.ValueType}|{claim.Issuer}|{claim.OriginalIssuer}|{string.Join(',', claim.Properties)}|{ReferenceEquals(claim.Subject, subject)}|{claim.GetType()}"
            )
        );

    /// <summary>A class of an application that uses the copy constructor of a derived class.</summary>
    private sealed class DerivedIdentity : ClaimsIdentity
    {
        public DerivedIdentity(ClaimsIdentity other)
            : base(other) { }

        public DerivedIdentity(ClaimsIdentity other, StringComparison comparison)
            : base(other, comparison) { }
    }
}
