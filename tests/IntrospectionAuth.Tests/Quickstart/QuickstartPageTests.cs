using System.Text.RegularExpressions;
using IntrospectionAuth.Tests.Claims;
using static Microsoft.Playwright.Assertions;

namespace IntrospectionAuth.Tests.Quickstart;

/// <summary>The page of the quickstart, used as a person would.</summary>
public sealed partial class QuickstartPageTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly TimeSpan s_long = TimeSpan.FromHours(1);

    [BrowserFact]
    public async Task The_page_shows_the_APIs_response_and_whether_a_call_was_made()
    {
        await using QuickstartPage page = await QuickstartPage.OpenAsync(browser, maximumAge: s_long);

        await page.CallAsync("GET /read");
        await Expect(page.Response).ToContainTextAsync("401 Unauthorized");
        await Expect(page.Response).ToContainTextAsync("no call");

        await page.MakeTokenAsync();
        await page.CallAsync("GET /read");
        await Expect(page.Response).ToContainTextAsync("200 OK");
        await Expect(page.Response).ToContainTextAsync("called the authorization server");
        await Expect(page.Claims).ToContainTextAsync("umbrella");

        await page.CallAsync("GET /read");
        await Expect(page.Response).ToContainTextAsync("200 OK");
        await Expect(page.Response).ToContainTextAsync("from the cache");
        await Expect(page.Claims).ToContainTextAsync("umbrella");

        await page.CallAsync("POST /write");
        await Expect(page.Response).ToContainTextAsync("403 Forbidden");
        await Expect(page.Details).ToContainTextAsync("insufficient_scope");
        Assert.Empty(page.Faults);
    }

    [BrowserFact]
    public async Task The_page_takes_no_click_before_it_can_act_on_it()
    {
        var loading = new TaskCompletionSource();
        await using QuickstartPage page = await QuickstartPage.OpenAsync(browser, maximumAge: s_long, loading: loading.Task);
        await Expect(page.Inert).ToHaveCountAsync(1);

        loading.SetResult();

        await page.CallAsync("GET /read");
        await Expect(page.Response).ToContainTextAsync("401 Unauthorized");
        await Expect(page.Inert).ToHaveCountAsync(0);
        Assert.Empty(page.Faults);
    }

    [BrowserFact]
    public async Task The_page_shows_503_while_the_authorization_server_is_down_unless_the_response_is_cached()
    {
        await using QuickstartPage page = await QuickstartPage.OpenAsync(browser, maximumAge: s_long);

        await page.MakeTokenAsync();
        await page.CallAsync("GET /read");
        await page.SetServerAsync("Down", "authorization server: down");
        await page.CallAsync("GET /read");
        await Expect(page.Response).ToContainTextAsync("200 OK");

        await page.SetServerAsync("Overloaded", "authorization server: overloaded");
        await page.MakeTokenAsync();
        await page.CallAsync("GET /read");
        await Expect(page.Response).ToContainTextAsync("503 Service Unavailable");
        await Expect(page.Response).ToContainTextAsync("try again in 3 s");
        await Expect(page.Details).ToContainTextAsync("retry-after");

        await page.SetServerAsync("Working", "repaired the authorization server");
        await page.WaitUntilAcceptedAsync("/read"); // the API calls the server again after the Retry-After of 3 s
        await page.CallAsync("GET /read");
        await Expect(page.Response).ToContainTextAsync("200 OK");
        Assert.Empty(page.Faults);
    }

    [BrowserFact]
    public async Task The_page_shows_401_for_a_revoked_token_after_its_cache_entry_has_expired()
    {
        await using QuickstartPage page = await QuickstartPage.OpenAsync(browser, maximumAge: TimeSpan.FromSeconds(1));

        await page.MakeTokenAsync();
        await page.CallAsync("GET /me");
        await Expect(page.Response).ToContainTextAsync("200 OK");
        await page.RevokeAsync();
        await Expect(page.Memory).ToContainTextAsync("the next request calls the authorization server");
        await page.CallAsync("GET /me");

        await Expect(page.Response).ToContainTextAsync("401 Unauthorized");
        await Expect(page.Response).ToContainTextAsync("called the authorization server");
        await Expect(page.Details).ToContainTextAsync("invalid_token");
        Assert.Empty(page.Faults);
    }

    [BrowserFact]
    public async Task The_page_shows_metrics_and_health()
    {
        await using QuickstartPage page = await QuickstartPage.OpenAsync(browser, maximumAge: s_long);

        await page.MakeTokenAsync();
        await page.CallAsync("GET /read");
        await page.CallAsync("GET /read");
        await Expect(page.Metric("Calls: active")).Not.ToHaveTextAsync("0");
        await Expect(page.Metric("Cache misses")).ToHaveTextAsync("1");
        await Expect(page.Metric("Cache hits")).ToHaveTextAsync("1");
        await Expect(page.Metric("Cache entries: active")).ToHaveTextAsync("1");
        await Expect(page.Metric("Circuit breaker")).ToHaveTextAsync("closed");
        await page.CheckHealthAsync();
        await Expect(page.Health).ToContainTextAsync("Healthy");

        await page.SetServerAsync("Hanging", "authorization server: hanging");
        await page.MakeTokenAsync();
        await page.CallAsync("GET /read");
        await Expect(page.Response).ToContainTextAsync("503 Service Unavailable");
        await Expect(page.Metric("Circuit breaker")).ToHaveTextAsync("open");
        await Expect(page.Metric("Calls: unavailable")).Not.ToHaveTextAsync("0");
        Assert.Empty(page.Faults);
    }

    [BrowserFact]
    public async Task The_page_says_which_kind_of_trouble_a_503_and_a_401_are_about()
    {
        await using QuickstartPage page = await QuickstartPage.OpenAsync(browser, maximumAge: s_long);

        await page.CallAsync("GET /read");
        await Expect(page.Response).ToContainTextAsync("no Authorization header");
        await page.MakeTokenAsync();
        await page.RevokeAsync();
        await page.CallAsync("GET /read");
        await Expect(page.Response).ToContainTextAsync("found inactive");
        await page.MakeTokenAsync();
        await page.CallAsync("POST /write");
        await Expect(page.Response).ToContainTextAsync("without write");
        await page.MakeTokenAsync();
        await page.SetServerAsync("Garbage", "authorization server: garbage");
        await page.CallAsync("GET /read");
        await Expect(page.Response).ToContainTextAsync("text/html");
        await page.SetServerAsync("Overloaded", "authorization server: overloaded");
        await page.MakeTokenAsync();
        await page.CallAsync("GET /read");
        await Expect(page.Response).ToContainTextAsync(Overload());

        await page.OpenDiagnosticsAsync();
        await Expect(page.Decisions).ToHaveCountAsync(5);
        await Expect(page.Decisions.First).ToContainTextAsync("503 unavailable");
        Assert.Empty(page.Faults);
    }

    [BrowserFact]
    public async Task Health_refreshes_itself_and_shows_the_present_reason()
    {
        await using QuickstartPage page = await QuickstartPage.OpenAsync(browser, maximumAge: s_long);

        await Expect(page.Health).ToContainTextAsync("Healthy");
        await page.SetServerAsync("Garbage", "authorization server: garbage");
        await Expect(page.Health).Not.ToContainTextAsync("Healthy");
        await Expect(page.Health).ToContainTextAsync("Scheme OAuthIntrospection");
        await page.SetServerAsync("Working", "repaired the authorization server");

        await Expect(page.Health).ToContainTextAsync("Healthy");
        Assert.Empty(page.Faults);
    }

    [BrowserFact]
    public async Task On_a_phone_a_response_scrolls_into_view_and_no_cell_of_the_history_is_cut()
    {
        await using QuickstartPage page = await QuickstartPage.OpenAsync(browser, maximumAge: s_long, width: 390);

        await page.MakeTokenAsync();
        foreach (string button in (string[])["GET /read", "POST /write", "GET /me"])
            await page.CallAsync(button);

        await Expect(page.Response.Locator(".status")).ToBeInViewportAsync(new() { Ratio = 1 });
        Assert.Equal(390, await page.MeasureWidthAsync());
        Assert.Equal(0, await page.CountCutCellsAsync());
    }

    [BrowserFact]
    public async Task The_page_fits_a_phone()
    {
        await using QuickstartPage page = await QuickstartPage.OpenAsync(browser, maximumAge: s_long, width: 360);

        await page.MakeTokenAsync();
        await page.CallAsync("POST /write");
        await Expect(page.Details).ToContainTextAsync("insufficient_scope");

        Assert.Equal(360, await page.MeasureWidthAsync());
    }

    /// <summary>The overload as this request has met it, or as the health check, which the page repeats, met it before.</summary>
    [GeneratedRegex("found (?:status 503|no call for [0-9.]+ s: the server sent Retry-After)", RegexOptions.None, 1000)]
    private static partial Regex Overload();
}
