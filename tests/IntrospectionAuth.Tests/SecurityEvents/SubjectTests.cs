using System.Net;
using System.Text.Json.Nodes;

namespace IntrospectionAuth.Tests.SecurityEvents;

/// <summary>Which tokens each format of a subject selects (RFC 9493, section 3.2; SSF 1.0, section 3).</summary>
public sealed class SubjectTests
{
    private static readonly string s_revoked = SecurityEventApi.Caep + "session-revoked";

    // Which of four tokens is removed: the user's in this session, the user's in another, another user's in the same organization,
    // and one of neither.
    [Theory]
    [InlineData("""{"format":"iss_sub","iss":"https://any.example.com","sub":"user-1"}""", "1100")]
    [InlineData("""{"format":"opaque","id":"user-1"}""", "1100")]
    [InlineData("""{"format":"opaque","id":"session-1"}""", "1000")]
    [InlineData("""{"format":"opaque","id":"org-1"}""", "0000")]
    [InlineData("""{"format":"email","email":"user-1"}""", "1100")]
    [InlineData("""{"format":"phone_number","phone_number":"user-1"}""", "1100")]
    [InlineData("""{"format":"account","uri":"acct:user-1"}""", "1100")]
    [InlineData("""{"format":"account","uri":"user-1"}""", "1100")]
    [InlineData("""{"format":"account","uri":"mail:user-1"}""", "0000")]
    [InlineData("""{"format":"did","url":"user-1"}""", "1100")]
    [InlineData("""{"format":"uri","uri":"user-1"}""", "1100")]
    [InlineData("""{"format":"aliases","identifiers":[{"format":"email","email":"a"},{"format":"opaque","id":"user-1"}]}""", "1100")]
    [InlineData("""{"format":"aliases","identifiers":[{"format":"email","email":"user-1"},{"format":"email","email":"user-2"}]}""", "1110")]
    [InlineData("""{"format":"complex","user":{"format":"opaque","id":"user-1"}}""", "1100")]
    [InlineData("""{"format":"complex","user":{"format":"opaque","id":"session-1"}}""", "0000")]
    [InlineData("""{"format":"complex","session":{"format":"opaque","id":"session-1"}}""", "1000")]
    [InlineData("""{"format":"complex","session":{"format":"opaque","id":"user-1"}}""", "0000")]
    [InlineData("""{"format":"complex","tenant":{"format":"opaque","id":"org-1"}}""", "1010")]
    [InlineData("""{"format":"complex","tenant":{"format":"iss_sub","iss":"https://a.example.com","sub":"org-1"}}""", "1010")]
    [InlineData("""{"format":"complex","user":{"format":"opaque","id":"user-1"},"tenant":{"format":"opaque","id":"org-1"}}""", "1100")]
    [InlineData(
        """
            {"format":"complex","session":{"format":"opaque","id":"session-1"},"user":{"format":"opaque","id":"user-2"},
             "tenant":{"format":"opaque","id":"org-1"}}
            """,
        "1010"
    )]
    [InlineData("""{"format":"complex","user":{"format":"opaque","id":"user-1"},"device":{"format":"opaque","id":"device-1"}}""", "1100")]
    [InlineData("""{"format":"complex","device":{"format":"opaque","id":"device-1"},"tenant":{"format":"opaque","id":"org-1"}}""", "1010")]
    [InlineData(
        """{"format":"complex","user":{"format":"jwt_id","iss":"a","jti":"b"},"tenant":{"format":"opaque","id":"org-1"}}""",
        "1010"
    )]
    [InlineData("""{"user":{"format":"opaque","id":"user-1"}}""", "1100")]
    [InlineData("""{"session":{"format":"opaque","id":"session-1"}}""", "1000")]
    [InlineData("""{"tenant":{"format":"opaque","id":"org-1"}}""", "1010")]
    public async Task The_tokens_that_a_subject_names_are_removed(string subject, string removed)
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        string[] tokens = ["user-1.session-1.org-1", "user-1.session-2.org-2", "user-2.session-3.org-1", "user-3.session-4.org-2"];
        await api.UseAsync(tokens);

        using HttpResponseMessage response = await api.PushAsync(api.Create(s_revoked, JsonNode.Parse(subject)));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(removed, await api.FindRemovedAsync(tokens));
        Assert.Equal(0, api.Api.Log.Count("SubjectNotSupported"));
    }

    [Fact]
    public async Task An_account_without_a_user_does_not_remove_tokens_without_a_subject()
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        await api.UseAsync(".session-1.org-1");
        JsonObject account = new() { ["format"] = "account", ["uri"] = "acct:" };

        using HttpResponseMessage response = await api.PushAsync(api.Create(s_revoked, account));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("0", await api.FindRemovedAsync(".session-1.org-1"));
    }

    [Theory]
    [InlineData("""{"format":"jwt_id","iss":"https://a.example.com","jti":"user-1"}""")]
    [InlineData("""{"format":"saml_assertion_id","issuer":"https://a.example.com","assertion_id":"user-1"}""")]
    [InlineData("""{"format":"ip-addresses","ip-addresses":["10.0.0.1"]}""")]
    [InlineData("""{"format":"catalog_item","id":"user-1"}""")]
    [InlineData("""{"format":"ISS_SUB","iss":"https://a.example.com","sub":"user-1"}""")]
    [InlineData("""{"format":"complex","device":{"format":"opaque","id":"user-1"}}""")]
    [InlineData("""{"device":{"format":"opaque","id":"user-1"}}""")]
    [InlineData("""{"format":"complex","group":{"format":"opaque","id":"user-1"}}""")]
    [InlineData("""{"format":"complex"}""")]
    public async Task A_subject_that_is_not_supported_removes_nothing_and_is_logged(string subject)
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        await api.UseAsync("user-1.user-1.user-1");

        using HttpResponseMessage response = await api.PushAsync(api.Create(s_revoked, JsonNode.Parse(subject)));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("0", await api.FindRemovedAsync("user-1.user-1.user-1"));
        Assert.Equal(1, api.Api.Log.Count("SubjectNotSupported"));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"user-1\"")]
    [InlineData("{}")]
    [InlineData("""{"format":null,"id":"user-1"}""")]
    [InlineData("""{"format":null,"user":{"format":"opaque","id":"user-1"}}""")]
    [InlineData("""{"format":1,"id":"user-1"}""")]
    [InlineData("""{"format":"","id":"user-1"}""")]
    [InlineData("""{"format":["opaque"],"id":"user-1"}""")]
    [InlineData("""{"id":"user-1"}""")]
    [InlineData("""{"format":"iss_sub","iss":"https://a.example.com"}""")]
    [InlineData("""{"format":"iss_sub","sub":"user-1"}""")]
    [InlineData("""{"format":"iss_sub","iss":"","sub":"user-1"}""")]
    [InlineData("""{"format":"iss_sub","iss":"https://a.example.com","sub":""}""")]
    [InlineData("""{"format":"iss_sub","iss":"https://a.example.com","sub":["user-1"]}""")]
    [InlineData("""{"format":"opaque","id":1}""")]
    [InlineData("""{"format":"email","id":"user-1"}""")]
    [InlineData("""{"format":"account","uri":{}}""")]
    [InlineData("""{"format":"aliases"}""")]
    [InlineData("""{"format":"aliases","identifiers":[]}""")]
    [InlineData("""{"format":"aliases","identifiers":{"format":"opaque","id":"user-1"}}""")]
    [InlineData("""{"format":"aliases","identifiers":["user-1"]}""")]
    [InlineData("""{"format":"aliases","identifiers":[{"format":"opaque","id":"user-1"},{}]}""")]
    [InlineData("""{"format":"aliases","identifiers":[{"format":"aliases","identifiers":[{"format":"opaque","id":"user-1"}]}]}""")]
    [InlineData("""{"format":"complex","user":"user-1"}""")]
    [InlineData("""{"format":"complex","user":{"id":"user-1"}}""")]
    [InlineData("""{"format":"complex","user":{"format":"opaque","id":"user-1"},"session":null}""")]
    [InlineData("""{"format":"complex","tenant":{"format":"complex","user":{"format":"opaque","id":"user-1"}},"user":[]}""")]
    public async Task A_malformed_subject_removes_nothing_and_yields_400(string subject)
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        await api.UseAsync("user-1.user-1.user-1");
        var token = api.Create(s_revoked);
        token.Claims["sub_id"] = JsonNode.Parse(subject);

        using HttpResponseMessage response = await api.PushAsync(token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        JsonNode body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal("The subject of an event is missing or malformed.", (string?)body["description"]);
        Assert.Equal("0", await api.FindRemovedAsync("user-1.user-1.user-1"));
    }
}
