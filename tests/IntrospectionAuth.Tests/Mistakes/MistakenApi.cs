using System.Globalization;
using System.Text.RegularExpressions;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Mistakes;

/// <summary>An application in Development, as a template creates it, with one mistake.</summary>
internal static partial class MistakenApi
{
    private const string Section = "Authentication:Schemes:OAuthIntrospection:";

    /// <summary>Starts the application, sends one request, and collects what the developer sees.</summary>
    public static async Task<Observation> ObserveAsync(Mistake mistake)
    {
        await using var server = FakeAuthorizationServer.Create(mistake.Server);
        mistake.Behavior?.Invoke(server);
        var log = new LogRecorder();
        WebApplication app;
        try
        {
            app = Build(mistake, server, log);
            await app.StartAsync();
        }
        catch (Exception exception)
        {
            return new Observation("at startup", [.. exception.Message.Split('\n', StringSplitOptions.TrimEntries)]);
        }

        await using (app)
        {
            string[] warnings = [.. Read(log)];
            if (warnings.Any(line => line.Contains(mistake.Remedy, StringComparison.Ordinal)))
                return new Observation("at startup, in the log", warnings);

            return await SendAsync(mistake, app, server, log);
        }
    }

    private static async Task<Observation> SendAsync(Mistake mistake, WebApplication app, FakeAuthorizationServer server, LogRecorder log)
    {
        using HttpClient client = app.GetTestClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, mistake.Path);
        if (mistake.Authorization(server) is { } authorization)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request);
            string body = await response.Content.ReadAsStringAsync();
            return new Observation(
                ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture),
                [.. Read(log), $"WWW-Authenticate: {response.Headers.WwwAuthenticate}", body]
            );
        }
        catch (InvalidOperationException exception)
        {
            return new Observation("500", [.. Read(log), exception.Message]);
        }
    }

    private static WebApplication Build(Mistake mistake, FakeAuthorizationServer server, LogRecorder log)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = Environments.Development });
        builder.WebHost.UseTestServer();
        builder.Logging.AddProvider(log).AddFilter("Microsoft.AspNetCore", LogLevel.Warning); // as in the templates
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["IntrospectionEndpoint"] = "https://auth.example.com/introspect",
            ["ClientId"] = "api",
            ["ClientSecret"] = "the-secret-of-the-api",
        };
        foreach ((string key, string? value) in mistake.Settings)
            settings[key] = value;
        builder.Configuration.AddInMemoryCollection(
            settings.Where(static it => it.Value is not null).Select(static it => KeyValuePair.Create(Section + it.Key, it.Value))
        );

        builder.Services.AddRouting();
        builder.Services.AddAuthorization();
        AuthenticationBuilder schemes = mistake.DefaultScheme is { } name
            ? builder.Services.AddAuthentication(name)
            : builder.Services.AddAuthentication();
        if (mistake.Schemes is null)
            schemes.AddOAuthIntrospection(options => mistake.Options?.Invoke(options));
        else
            mistake.Schemes(schemes);
        if (!mistake.UsesNetwork && (mistake.Server ?? (object?)mistake.Behavior) is not null)
            builder.Services.UseFakeAuthorizationServer(server);
        builder.Services.AddProblemDetails();

        WebApplication app = builder.Build();
        app.MapGet("/me", static context => context.Response.WriteAsync("me")).RequireAuthorization();
        app.MapGet("/read", static context => context.Response.WriteAsync("read")).RequireAuthorization("scope:read");
        mistake.App?.Invoke(app);
        return app;
    }

    /// <summary>The lines of a console whose level is Information.</summary>
    private static IEnumerable<string> Read(LogRecorder log) =>
        log
            .Entries.Where(static entry =>
                entry.Level >= (entry.Category.StartsWith("Microsoft.", StringComparison.Ordinal) ? LogLevel.Warning : LogLevel.Information)
            )
            .Select(static entry => State().Split(entry.Text)[0]);

    /// <summary>Where the values follow the message.</summary>
    [GeneratedRegex(@" \w+=", RegexOptions.None, 1000)]
    private static partial Regex State();
}
