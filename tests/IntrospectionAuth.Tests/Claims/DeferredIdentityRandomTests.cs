using System.Security.Claims;
using IntrospectionAuth.Claims;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Tests.Claims;

/// <summary>Random operations on a deferred identity, compared with an eager, case-sensitive one.</summary>
public sealed class DeferredIdentityRandomTests
{
    [Trait("Load", "Heavy")]
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_deferred_identity_behaves_like_an_eager_one(int seed)
    {
        var random = new Random(seed);
        string[] types = ["role", "Role", "scope", "name", "x"];
        for (int run = 0; run < 3000; run++)
        {
            MemberValue[] members =
            [
                .. Enumerable
                    .Range(0, random.Next(5))
                    .Select(_ => new MemberValue(types[random.Next(5)], "v" + random.Next(3), ClaimValueTypes.String)),
            ];
            var response = new IntrospectionResponse { Members = members };
            var options = new OAuthIntrospectionOptions
            {
                ClaimsIssuer = "iss",
                NameClaimType = "name",
                RoleClaimType = "role",
            };
            var deferred = (ClaimsIdentity)PrincipalBuilder.Build(response, new(response), "t", options).Identity!;
            var eager = new ClaimsIdentity(
                identity: null,
                members.Select(m => new Claim(m.Name, m.Text, m.ValueType, "iss")),
                "t",
                "name",
                "role",
                StringComparison.Ordinal
            );
            for (int step = 0; step < 8; step++)
            {
                string type = types[random.Next(5)],
                    value = "v" + random.Next(3);
                switch (random.Next(10))
                {
                    case 0:
                        deferred.AddClaim(new Claim(type, value));
                        eager.AddClaim(new Claim(type, value));
                        break;
                    case 1:
                        Claim? d = deferred.FindFirst(type),
                            e = eager.FindFirst(type);
                        Assert.Equal(eager.TryRemoveClaim(e), deferred.TryRemoveClaim(d));
                        break;
                    case 2:
                        deferred = deferred.Clone();
                        eager = eager.Clone();
                        break;
                    case 3:
                        using (var a = new MemoryStream())
                        using (var b = new MemoryStream())
                        {
                            deferred.WriteTo(new BinaryWriter(a));
                            eager.WriteTo(new BinaryWriter(b));
                            Assert.Equal(b.ToArray(), a.ToArray());
                        }

                        break;
                    case 4:
                        Assert.Equal(
                            new ClaimsIdentity(eager).Claims.Select(c => c.ToString()),
                            new ClaimsIdentity(deferred).Claims.Select(c => c.ToString())
                        );
                        break;
                    case 5:
                        Assert.Equal(eager.HasClaim(c => c.Value == value), deferred.HasClaim(c => c.Value == value));
                        break;
                    case 6:
                        Assert.Equal(new ClaimsPrincipal(eager).IsInRole(value), new ClaimsPrincipal(deferred).IsInRole(value));
                        break;
                    case 7:
                        deferred.AddClaims([new Claim(type, value), null!]);
                        eager.AddClaims([new Claim(type, value), null!]);
                        break;
                    case 8:
                        if (deferred.FindFirst(type) is { } found)
                        {
                            found.Properties["p"] = "1";
                            eager.FindFirst(type)!.Properties["p"] = "1";
                            Assert.Same(deferred, found.Subject);
                        }

                        break;
                }

                Assert.Equal(eager.Name, deferred.Name);
                Assert.Equal(eager.HasClaim(type, value), deferred.HasClaim(type, value));
                Assert.Equal(
                    eager.FindAll(type).Select(c => c + string.Join(',', c.Properties)),
                    deferred.FindAll(type).Select(c => c + string.Join(',', c.Properties))
                );
                Assert.Equal(
                    eager.FindAll(c => c.Type == type).Select(c => c.ToString()),
                    deferred.FindAll(c => c.Type == type).Select(c => c.ToString())
                );
                if (random.Next(2) == 0)
                {
                    Assert.Equal(
                        eager.Claims.Select(c => c + c.Issuer + c.OriginalIssuer),
                        deferred.Claims.Select(c => c + c.Issuer + c.OriginalIssuer)
                    );
                }
            }
        }
    }
}
