using System.Text.Json.Nodes;
using IntrospectionAuth.Tests.BackChannelLogout;
using IntrospectionAuth.Tests.Responses;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.PushedRevocation;

/// <summary>Whose keys verify pushed tokens when a server moves, fails or is replaced.</summary>
public sealed class PushedTokenKeysTests
{
    [Fact]
    public async Task The_keys_of_a_former_authority_verify_no_token_after_a_reload()
    {
        bool isReplaced = false;
        await using SignedServer next = await SignedServer.StartAsync();
        await using LogoutApi api = await LogoutApi.StartAsync(services: services =>
            services.Configure<OAuthIntrospectionOptions>(
                OAuthIntrospectionDefaults.AuthenticationScheme,
                options => options.Authority = isReplaced ? next.Url : options.Authority
            )
        );
        Assert.Equal(200, await api.GetStatusAsync(api.CreateToken()));

        isReplaced = true;
        api.Services.GetRequiredService<IOptionsMonitorCache<OAuthIntrospectionOptions>>().Clear();
        SignedResponse ofFormer = api.CreateToken();
        ofFormer.Claims["iss"] = next.Url;
        SignedResponse ofNext = api.CreateToken();
        ofNext.Claims["iss"] = next.Url;
        ofNext.Key = next.Key.Pair;

        Assert.Equal(400, await api.GetStatusAsync(ofFormer));
        Assert.Equal(200, await api.GetStatusAsync(ofNext));
    }

    [Fact]
    public async Task Keys_that_have_moved_are_found_by_the_metadata()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        Assert.Equal(200, await api.GetStatusAsync(api.CreateToken()));
        ServerKey key = ServerKey.Ec(keyId: "key-2");
        api.Server.Http.Remove(SignedServer.Jwks);
        api.Server.PublishMetadata(api.Server.Url + "/moved");
        api.Server.Http.PublishText("/moved", new JsonObject { ["keys"] = new JsonArray(key.Jwk()) }.ToJsonString());

        // The keys are fetched at most once a minute, and the metadata in the background.
        int minutes = 0;
        do
        {
            api.Time.Advance(TimeSpan.FromMinutes(1));
            minutes++;
        } while (minutes < 10 && await api.GetStatusAsync(Create()) != 200);

        Assert.InRange(minutes, 2, 9);

        SignedResponse Create()
        {
            SignedResponse token = api.CreateToken();
            token.Key = key.Pair;
            token.Header["kid"] = key.KeyId;
            return token;
        }
    }

    [Fact]
    public async Task Only_a_failure_while_keys_are_known_is_logged_as_keys_that_stay_in_use()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        api.Server.Http.RespondAt(SignedServer.Jwks, 500);
        Assert.Equal(400, await api.GetStatusAsync(api.CreateToken()));
        Assert.Equal(0, api.Log.Count("ServerKeysNotRefreshed"));

        api.Server.PublishKeys(api.Server.Key);
        api.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, await api.GetStatusAsync(api.CreateToken()));

        api.Server.Http.RespondAt(SignedServer.Jwks, 500);
        api.Time.Advance(TimeSpan.FromMinutes(1));
        SignedResponse forged = api.CreateToken();
        forged.Key = ServerKey.Ec().Pair;
        Assert.Equal(400, await api.GetStatusAsync(forged));
        Assert.Equal(1, api.Log.Count("ServerKeysNotRefreshed"));
        Assert.Equal(200, await api.GetStatusAsync(api.CreateToken()));
    }
}
