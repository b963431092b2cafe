using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>A minimal hand-written handler: SHA-256 of the token, a dictionary lookup, a new principal per request.</summary>
internal sealed class ReferenceCache : Contender
{
    public override void Register(WebApplicationBuilder builder, Workload workload)
    {
        var known = new KnownClaims();
        foreach (string header in workload.Headers)
            known[Key(Workload.TokenOf(header))] = ClaimReader.Read(workload.RespondTo(Workload.TokenOf(header)));

        builder.Services.AddSingleton(known);
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, KnownClaimsHandler>(Reference, configureOptions: null);
        builder.Services.AddAuthorization();
    }

    public static string Key(ReadOnlySpan<char> token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> bytes = token.Length <= 1024 ? stackalloc byte[token.Length] : new byte[token.Length];
        SHA256.HashData(bytes[..Encoding.ASCII.GetBytes(token, bytes)], hash);
        return Convert.ToBase64String(hash);
    }
}
