using System.Globalization;
using System.Security.Claims;
using System.Text.Json;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>Reads the claims of a response as the library does: one for each scope, none for <c>active</c>.</summary>
internal static class ClaimReader
{
    public static Claim[] Read(byte[] response)
    {
        using JsonDocument json = JsonDocument.Parse(response);
        string? issuer = json.RootElement.TryGetProperty("iss", out JsonElement iss) ? iss.GetString() : Contender.Reference;

        var claims = new List<Claim>();
        foreach (JsonProperty member in json.RootElement.EnumerateObject())
        {
            if (member.NameEquals("scope"))
            {
                claims.AddRange(
                    member.Value.GetString()!.Split(' ').Select(scope => new Claim("scope", scope, ClaimValueTypes.String, issuer))
                );
            }
            else if (member.Value.ValueKind == JsonValueKind.Number)
            {
                claims.Add(
                    new Claim(
                        member.Name,
                        member.Value.GetInt64().ToString(CultureInfo.InvariantCulture),
                        ClaimValueTypes.Integer64,
                        issuer
                    )
                );
            }
            else if (member.Value.ValueKind == JsonValueKind.String)
            {
                claims.Add(new Claim(member.Name, member.Value.GetString()!, ClaimValueTypes.String, issuer));
            }
        }

        return [.. claims];
    }
}
