using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntrospectionAuth.PushedRevocation;
using IntrospectionAuth.Tests.BackChannelLogout;
using IntrospectionAuth.Tests.Responses;

namespace IntrospectionAuth.Tests.PushedRevocation;

/// <summary>Which pushed tokens are current, and what their sender learns about the others.</summary>
public sealed class PushedTokenTests
{
    private const string Future = "The iat or nbf is in the future.";

    [Theory] // The skew is 30 seconds, and the tolerance a minute.
    [InlineData("iat", 90, null)]
    [InlineData("iat", 91, Future)]
    [InlineData("nbf", 90, null)]
    [InlineData("nbf", 91, Future)]
    [InlineData("iat", -3690, null)]
    [InlineData("iat", -3691, "The iat is too long ago.")]
    [InlineData("exp", -29, null)]
    [InlineData("exp", -30, "The exp has passed.")]
    public async Task A_date_is_accepted_up_to_its_limit(string claim, int seconds, string? fault)
    {
        await using LogoutApi api = await LogoutApi.StartAsync(scheme: options => options.ClockSkew = TimeSpan.FromSeconds(30));
        SignedResponse token = api.CreateToken();
        token.Claims[claim] = api.Time.GetUtcNow().ToUnixTimeSeconds() + seconds;

        Assert.Equal(fault, await FindFaultAsync(await api.SendAsync(token)));
    }

    [Theory]
    [InlineData("""{"iat":"0"}""", "The iat, nbf or exp is not a date.")]
    [InlineData("""{"nbf":"0"}""", "The iat, nbf or exp is not a date.")]
    [InlineData("""{"exp":"0"}""", "The iat, nbf or exp is not a date.")]
    [InlineData("""{"exp":null}""", "The iat, nbf or exp is not a date.")]
    [InlineData("""{"-":"iat"}""", "The iat is missing.")]
    [InlineData("""{"-":"exp"}""", "The exp is missing.")]
    [InlineData("""{"-":"sub,sid"}""", "The sub and the sid are missing.")]
    [InlineData("""{"sub":1}""", "The sub or sid is not text.")]
    [InlineData("""{"sid":""}""", "The sub or sid is not text.")]
    [InlineData("""{"-":"events"}""", "The events do not have the logout event as an object.")]
    [InlineData("""{"events":"text"}""", "The events do not have the logout event as an object.")]
    [InlineData("""{"events":{}}""", "The events do not have the logout event as an object.")]
    public async Task The_sender_learns_what_is_wrong_with_the_claims(string change, string fault)
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        SignedResponse token = api.CreateToken();
        foreach ((string name, JsonNode? value) in JsonNode.Parse(change)!.AsObject())
        {
            if (name != "-")
                token.Claims[name] = value?.DeepClone();
            else
                Array.ForEach(value!.GetValue<string>().Split(','), removed => token.Claims.Remove(removed));
        }

        Assert.Equal(fault, await FindFaultAsync(await api.SendAsync(token)));
    }

    [Fact]
    public async Task The_sender_learns_that_text_is_not_Unicode()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        SignedResponse token = api.CreateToken();
        token.Payload = token.Claims.ToJsonString().Replace("\"u1\"", "\"\\ud800\"", StringComparison.Ordinal);

        Assert.Equal("The claims have a string that is not Unicode.", await FindFaultAsync(await api.SendAsync(token)));
    }

    [Fact]
    public async Task The_sender_learns_that_a_token_was_received_before()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        SignedResponse token = api.CreateToken();

        Assert.Null(await FindFaultAsync(await api.SendAsync(token)));
        Assert.Equal("The token was received before.", await FindFaultAsync(await api.SendAsync(token)));
    }

    [Theory]
    [InlineData(false, "The body is not a form with one logout_token of at most 16 KB.")]
    [InlineData(true, "The token is too long.")]
    public async Task A_token_beyond_the_limit_is_rejected_even_if_a_scheme_has_read_the_form(bool isRead, string fault)
    {
        await using LogoutApi api = await LogoutApi.StartAsync(scheme: options => options.TokenRetrieval.FormBody = isRead);
        string form = $"logout_token={new string('a', PushedTokenVerifier.MaximumLength + 1)}";

        HttpResponseMessage response = await api.PostAsync(new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"));

        Assert.Equal(fault, await FindFaultAsync(response));
    }

    /// <returns>The error's description; null for a token that took effect.</returns>
    private static async Task<string?> FindFaultAsync(HttpResponseMessage response)
    {
        using HttpResponseMessage owned = response;
        string body = await owned.Content.ReadAsStringAsync();
        if ((int)owned.StatusCode == 200)
            return null;

        Assert.Equal(400, (int)owned.StatusCode);
        using JsonDocument error = JsonDocument.Parse(body);
        return error.RootElement.GetProperty("error_description").GetString();
    }
}
