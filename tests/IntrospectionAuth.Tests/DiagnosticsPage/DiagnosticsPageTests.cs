using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using IntrospectionAuth.Tests.Conventions;
using IntrospectionAuth.Tests.Quickstart;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace IntrospectionAuth.Tests.DiagnosticsPage;

/// <summary>The diagnostics page, used as a person would.</summary>
public sealed class DiagnosticsPageTests(Browser browser) : IClassFixture<Browser>
{
    private const string Attack = "<img src=x onerror=\"window.attacked=true\"><script>window.attacked=true</script>";

    /// <summary>With a directory in this variable, the tests write pictures of the page to it, and docs/diagnostics.png.</summary>
    private static readonly string? s_pictures = Environment.GetEnvironmentVariable("DIAGNOSTICS_PICTURES");

    static DiagnosticsPageTests() => SetDefaultExpectTimeout(90_000); // for busy machines

    [BrowserFact]
    public async Task The_page_shows_a_refusal_with_every_check_the_call_and_the_remedy()
    {
        await using PageHost host = await PageHost.StartAsync();
        await host.SendExamplesAsync();
        IPage page = await browser.OpenAsync(width: 1200);
        List<string> faults = FaultsOf(page, host);

        await page.GotoAsync(host.Page);
        ILocator refusal = Rows(page).First;
        await Expect(refusal).ToContainTextAsync("401 rejected");
        await Expect(refusal).ToContainTextAsync("GET /orders/21");
        await refusal.Locator("summary").ClickAsync();

        await Expect(refusal.Locator(".remedy")).ToContainTextAsync("add the audience that was found to Audiences");
        ILocator failed = refusal.Locator(".checks .bad");
        await Expect(failed).ToContainTextAsync("failed");
        await Expect(failed).ToContainTextAsync("api://orders");
        await Expect(failed).ToContainTextAsync("api://billing");
        await Expect(refusal.Locator(".checks .good").First).ToContainTextAsync("passed");
        await Expect(refusal.Locator(".call")).ToContainTextAsync("client_secret_basic");
        await Expect(refusal.Locator("pre")).ToContainTextAsync("\"aud\": \"api://billing\"");
        Assert.Empty(faults);
    }

    [BrowserFact]
    public async Task A_decision_appears_at_once_unless_the_page_is_paused()
    {
        await using PageHost host = await PageHost.StartAsync();
        IPage page = await browser.OpenAsync(width: 1200);
        await page.GotoAsync(host.Page);
        await Expect(page.Locator("#no-decisions")).ToBeVisibleAsync();
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");

        await host.SendAsync("/orders/1", token: null);
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await host.SendAsync("/orders/2", host.IssueToken());
        await Expect(Rows(page)).ToHaveCountAsync(2);
        await Expect(page.Locator("#new-decisions")).ToContainTextAsync("The latest: accepted, GET /orders/2.");

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await host.SendAsync("/orders/3", host.IssueToken());
        await Expect(page.Locator("#live")).ToHaveTextAsync("Paused");
        await Expect(Rows(page)).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();

        await Expect(Rows(page)).ToHaveCountAsync(3);
        await Expect(Rows(page).First).ToContainTextAsync("/orders/3");
    }

    [BrowserFact]
    public async Task A_decision_whose_first_request_failed_appears_without_another_one()
    {
        await using PageHost host = await PageHost.StartAsync();
        await host.SendAsync("/orders/1", token: null);
        IPage page = await browser.OpenAsync(width: 1200);
        await page.GotoAsync(host.Page);
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        bool fails = true;
        await page.RouteAsync("**/decisions.json*", route => fails ? route.FulfillAsync(new() { Status = 503 }) : route.ContinueAsync());

        await host.SendAsync("/orders/2", token: null);

        await Expect(page.Locator("#live")).ToHaveTextAsync("Decisions cannot be read. Trying again.");
        fails = false;
        await Expect(Rows(page)).ToHaveCountAsync(2);
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
    }

    [BrowserFact]
    public async Task Decisions_are_filtered_by_outcome_and_by_token()
    {
        await using PageHost host = await PageHost.StartAsync();
        await host.SendExamplesAsync();
        IPage page = await browser.OpenAsync(width: 1200);
        await page.GotoAsync(host.Page);
        await Expect(Rows(page)).ToHaveCountAsync(8);

        await page.GetByRole(AriaRole.Radio, new() { Name = "Forbidden" }).CheckAsync();
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await Expect(Rows(page).First).ToContainTextAsync("orders.write");
        await Rows(page).First.Locator("summary").ClickAsync();
        await Rows(page).First.Locator("button.token").ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "All" }).CheckAsync();

        await Expect(Rows(page)).ToHaveCountAsync(3); // the three requests with this token
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(8);
    }

    [BrowserFact]
    public async Task The_page_can_be_used_by_the_keyboard_alone()
    {
        await using PageHost host = await PageHost.StartAsync();
        await host.SendExamplesAsync();
        IPage page = await browser.OpenAsync(width: 1200);
        await page.GotoAsync(host.Page);
        await Expect(Rows(page)).ToHaveCountAsync(8);

        await TabToAsync(page, "document.activeElement.matches('#filter input')");
        await page.Keyboard.PressAsync("ArrowRight"); // from All to Accepted
        await Expect(Rows(page)).ToHaveCountAsync(2);
        await page.Keyboard.PressAsync("ArrowLeft");
        await TabToAsync(page, "document.activeElement.matches('#decision-list summary')");
        Assert.NotEqual("none", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(Rows(page).First.Locator(".checks").First).ToBeVisibleAsync();
        await TabToAsync(page, "document.activeElement.matches('#decision-list pre')");
        await page.Keyboard.PressAsync("Escape");

        await Expect(Rows(page).First.Locator(".checks").First).ToBeHiddenAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.activeElement.matches('#decision-list li:first-child summary')"));
    }

    [BrowserFact]
    public async Task Html_in_a_path_a_response_or_a_claim_stays_text()
    {
        await using PageHost host = await PageHost.StartAsync();
        string token = host.IssueToken(audience: Attack);
        await host.SendAsync("/orders/" + Uri.EscapeDataString(Attack), token);
        host.Server.RespondWith(200, """{"note":"<img src=x onerror='window.attacked=true'>"}""");
        await host.SendAsync("/orders/1", host.IssueToken());
        IPage page = await browser.OpenAsync(width: 1200);
        await page.GotoAsync(host.Page);
        await Expect(Rows(page)).ToHaveCountAsync(2);

        foreach (ILocator summary in await page.Locator("#decision-list summary").AllAsync())
            await summary.ClickAsync();

        await Expect(page.Locator("#decision-list pre")).ToHaveCountAsync(2);
        await Expect(page.Locator("#decision-list pre").First).ToContainTextAsync("img src=x");
        await Expect(page.Locator("#decision-list .checks .bad").Last).ToContainTextAsync("<img src=x");
        await Expect(page.Locator("#decision-list .endpoint").Last).ToContainTextAsync("%3Cimg%20src=x");
        Assert.Equal(0, await page.Locator("#decision-list img, #decision-list script").CountAsync());
        Assert.False(await page.EvaluateAsync<bool>("'attacked' in window"));
    }

    [BrowserFact]
    public async Task Schemes_and_cache_are_shown_without_secrets()
    {
        await using PageHost host = await PageHost.StartAsync();
        await host.SendExamplesAsync();
        IPage page = await browser.OpenAsync(width: 1200);
        await page.GotoAsync(host.Page);

        await page.GetByRole(AriaRole.Link, new() { Name = "Schemes", Exact = true }).ClickAsync();
        ILocator scheme = page.Locator("#scheme-list");
        await Expect(scheme).ToContainTextAsync("api://orders");
        await Expect(scheme).ToContainTextAsync("set (a secret, not shown)");
        await Expect(scheme).Not.ToContainTextAsync(host.Server.ClientSecret);
        await Expect(scheme).Not.ToContainTextAsync("Cache.RefreshAfter");
        await page.GetByLabel("Only settings that differ").UncheckAsync();
        await Expect(scheme).ToContainTextAsync("Cache.RefreshAfter");

        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Cache", Exact = true }).ClickAsync();
        await Expect(page.Locator("#cache-list")).ToContainTextAsync("MaximumAge");
        await Expect(page.Locator("#cache-list")).ToContainTextAsync("Active responses: 2 of at most 100,000");
    }

    [BrowserFact]
    public async Task The_page_fits_a_phone()
    {
        await using PageHost host = await PageHost.StartAsync();
        await host.SendExamplesAsync();
        await host.SendAsync("/orders/" + new string('x', 180), host.IssueToken(audience: new string('y', 180)));
        IPage page = await browser.OpenAsync(width: 390);
        await page.GotoAsync(host.Page);
        await Rows(page).First.Locator("summary").ClickAsync();
        await Expect(Rows(page).First.Locator(".remedy")).ToBeVisibleAsync();

        foreach (string section in (string[])["decisions", "schemes", "cache"])
        {
            await page.GotoAsync($"{host.Page}#{section}");
            await Expect(page.Locator($"#{section} h2")).ToBeVisibleAsync();
            await Expect(page.Locator($"#{section} .card, #{section} .opened").First).ToBeVisibleAsync();
            Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            await TakePictureAsync(page, $"phone-{section}");
        }
    }

    [BrowserFact]
    public async Task The_page_is_accessible_in_light_and_dark()
    {
        await using PageHost host = await PageHost.StartAsync();
        await host.SendExamplesAsync();
        IPage page = await browser.OpenAsync(width: 1200);
        foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            foreach (string section in (string[])["schemes", "cache", "decisions"])
            {
                await page.GotoAsync("about:blank");
                await page.GotoAsync($"{host.Page}#{section}");
                if (section == "decisions")
                    await Rows(page).First.Locator("summary").ClickAsync();
                await Expect(page.Locator($"#{section} .card, #{section} .opened").First).ToBeVisibleAsync();

                AxeResult result = await page.RunAxe();
                Assert.Empty(result.Violations.Select(it => $"{it.Id}: {string.Join(", ", it.Nodes.Select(node => node.Html))}"));
                await TakePictureAsync(page, $"{scheme}-{section}");
            }
        }

        string dark = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        Assert.NotEqual(dark, await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
    }

    [BrowserFact]
    public async Task The_README_has_a_picture_of_this_page()
    {
        const string Picture = "docs/diagnostics.png";
        if (s_pictures is not null)
        {
            await using PageHost host = await PageHost.StartAsync();
            await host.SendExamplesAsync();
            IPage page = await browser.OpenAsync(width: 1200);
            await page.SetViewportSizeAsync(1120, 800);
            await page.GotoAsync(host.Page);
            await Rows(page).First.Locator("summary").ClickAsync();
            await Expect(Rows(page).First.Locator(".remedy")).ToBeVisibleAsync();
            await page.Mouse.MoveAsync(0, 0);
            await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, Picture), Animations = ScreenshotAnimations.Disabled });
        }

        Assert.InRange(new FileInfo(Path.Combine(Repository.Root, Picture)).Length, 10_000, 200_000);
        Assert.Contains(Picture, Repository.Read("README.md"), StringComparison.Ordinal);
    }

    private static ILocator Rows(IPage page) => page.Locator("#decision-list > li:not([hidden])");

    /// <summary>Presses Tab until a condition holds.</summary>
    private static async Task TabToAsync(IPage page, string condition)
    {
        for (int i = 0; i < 40; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>(condition))
                return;
        }

        Assert.Fail($"Tab does not reach it: {condition}");
    }

    private static async Task TakePictureAsync(IPage page, string name)
    {
        if (s_pictures is not null)
            await page.ScreenshotAsync(new() { Path = Path.Combine(s_pictures, $"diagnostics-{name}.png"), FullPage = true });
    }

    private static List<string> FaultsOf(IPage page, PageHost host)
    {
        var faults = new List<string>();
        page.PageError += (_, error) => faults.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                faults.Add(message.Text);
        };
        page.Request += (_, request) =>
        {
            bool isOwn = request.Url.StartsWith(host.Page, StringComparison.Ordinal);
            if (!isOwn && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                faults.Add("The page asked for " + request.Url);
        };
        return faults;
    }
}
