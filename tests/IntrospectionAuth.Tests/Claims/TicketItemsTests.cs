using System.Collections;
using IntrospectionAuth.Claims;
using IntrospectionAuth.Responses;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Tests.Claims;

/// <summary>Items that are created on first use behave like properties that had them from the start.</summary>
public sealed class TicketItemsTests
{
    private static readonly DateTimeOffset s_issuedAt = DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000.5);
    private static readonly DateTimeOffset s_expiresAt = DateTimeOffset.UnixEpoch.AddSeconds(4_102_444_800);

    /// <summary>Operations on properties before they are read.</summary>
    private static readonly Dictionary<string, Action<AuthenticationProperties>> s_histories = new(StringComparer.Ordinal)
    {
        ["nothing"] = static _ => { },
        ["dates were set"] = static properties => properties.IssuedUtc = properties.ExpiresUtc = DateTimeOffset.UnixEpoch,
        ["dates were removed"] = static properties => properties.IssuedUtc = properties.ExpiresUtc = null,
        ["more was set"] = static properties =>
        {
            properties.IsPersistent = true;
            properties.AllowRefresh = false;
            properties.RedirectUri = "/";
            properties.SetString("a", "b");
            properties.SetParameter("p", 1);
        },
        ["tokens were stored"] = static properties =>
            properties.StoreTokens([new AuthenticationToken { Name = "other", Value = "changed" }]),
        ["a token was updated"] = static properties => properties.UpdateTokenValue("access_token", "changed"),
        ["an item was added"] = static properties => properties.Items.Add("a", null),
        ["a pair was added"] = static properties => properties.Items.Add(new KeyValuePair<string, string?>("a", "b")),
        ["an item was removed"] = static properties => properties.Items.Remove(".expires"),
        ["a pair was to be removed"] = static properties =>
            properties.Items.Remove(new KeyValuePair<string, string?>(".expires", "another")),
        ["all were removed"] = static properties => properties.Items.Clear(),
    };

    /// <summary>Every way of reading properties, as text.</summary>
    private static readonly Dictionary<string, Func<AuthenticationProperties, string>> s_views = new(StringComparer.Ordinal)
    {
        ["dates"] = static properties => $"{properties.IssuedUtc:O} {properties.ExpiresUtc:O}",
        ["the rest"] = static properties =>
            $"{properties.IsPersistent} {properties.AllowRefresh} {properties.RedirectUri} {properties.GetString("a")} "
            + $"{properties.GetParameter<int>("p")}",
        ["tokens"] = static properties =>
            $"{string.Join(' ', properties.GetTokens().Select(token => $"{token.Name}={token.Value}"))} "
            + $"{properties.GetTokenValue("access_token")}",
        ["Items"] = static properties => string.Join(' ', properties.Items),
        ["Items, one after the other"] = static properties => string.Join(' ', ((IEnumerable)properties.Items).Cast<object>()),
        ["Keys"] = static properties => string.Join(' ', properties.Items.Keys),
        ["Values"] = static properties => string.Join(' ', properties.Items.Values),
        ["Count"] = static properties => $"{properties.Items.Count} {properties.Items.Any()} {properties.Items.IsReadOnly}",
        ["ToArray"] = static properties => string.Join(' ', properties.Items.ToArray()),
        ["Dictionary"] = static properties => string.Join(' ', new Dictionary<string, string?>(properties.Items, StringComparer.Ordinal)),
        ["CopyTo"] = static properties =>
        {
            var pairs = new KeyValuePair<string, string?>[10];
            properties.Items.CopyTo(pairs, 1);
            return string.Join(' ', pairs);
        },
        ["one item"] = static properties =>
            $"{properties.Items.TryGetValue(".issued", out string? value)} {value} "
            + $"{properties.Items.TryGetValue("none", out value)} {value} {properties.Items.ContainsKey(".expires")}",
        ["one pair"] = static properties =>
            $"{properties.Items.Contains(new(".expires", "another"))} {properties.Items.Contains(new("a", "b"))}",
        ["a missing item"] = static properties => $"{Record.Exception(() => properties.Items["none"])?.Message}",
        ["an item twice"] = static properties => $"{Record.Exception(() => properties.Items.Add(".issued", "b"))?.Message}",
        ["a clone"] = static properties => string.Join(' ', properties.Clone().Items),
        ["written"] = static properties => Convert.ToHexString(PropertiesSerializer.Default.Serialize(properties)),
        ["read back"] = static properties =>
            string.Join(' ', PropertiesSerializer.Default.Deserialize(PropertiesSerializer.Default.Serialize(properties))!.Items),
    };

    public static IEnumerable<object[]> Combinations =>
        s_histories.Keys.SelectMany(_ => s_views.Keys, (history, view) => new object[] { history, view });

    [Theory]
    [MemberData(nameof(Combinations))]
    public void The_items_behave_like_properties_of_the_platform(string history, string view)
    {
        foreach (bool isDated in new[] { true, false })
        {
            foreach (string? token in new[] { "opaque-4711", null })
            {
                AuthenticationProperties deferred = CreateDeferred(isDated, token),
                    eager = CreateEager(isDated, token);

                s_histories[history](deferred);
                s_histories[history](eager);

                Assert.Equal(s_views[view](eager), s_views[view](deferred));
            }
        }
    }

    [Fact]
    public void The_debugger_views_show_dates_and_token()
    {
        AuthenticationProperties properties = CreateDeferred(isDated: true, "opaque-4711");

        Assert.Equal(
            "[.issued, Tue, 14 Nov 2023 22:13:20 GMT] [.expires, Fri, 01 Jan 2100 00:00:00 GMT] [.Token.access_token, "
                + "opaque-4711] [.TokenNames, access_token]",
            string.Join(' ', properties.Items)
        );
    }

    private static AuthenticationProperties CreateDeferred(bool isDated, string? token) =>
        TicketProperties.Create(
            new IntrospectionResponse
            {
                Members = [],
                IssuedAt = isDated ? s_issuedAt : null,
                ExpiresAt = isDated ? s_expiresAt : null,
            },
            token
        );

    private static AuthenticationProperties CreateEager(bool isDated, string? token)
    {
        var properties = new AuthenticationProperties
        {
            IssuedUtc = isDated ? s_issuedAt : null,
            ExpiresUtc = isDated ? s_expiresAt : null,
        };
        if (token is not null)
            properties.StoreTokens([new AuthenticationToken { Name = "access_token", Value = token }]);
        return properties;
    }
}
