using IntrospectionAuth.Tests.Claims;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace IntrospectionAuth.Tests.Quickstart;

/// <summary>The page of the quickstart in headless Chromium, with the actions of a user.</summary>
internal sealed class QuickstartPage : IAsyncDisposable
{
    private readonly SampleProcess _quickstart;
    private readonly IPage _page;

    static QuickstartPage() => SetDefaultExpectTimeout(90_000); // for busy machines

    private QuickstartPage(SampleProcess quickstart, IPage page)
    {
        _quickstart = quickstart;
        _page = page;
        page.PageError += (_, error) => Faults.Add(error);
        page.Request += (_, request) =>
        {
            if (
                !request.Url.StartsWith(quickstart.Address, StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal)
            )
            {
                Faults.Add("The page asked for " + request.Url);
            }
        };
    }

    /// <summary>Script errors of the page, and requests to other servers than the quickstart.</summary>
    public List<string> Faults { get; } = [];

    public ILocator Response => _page.Locator("#response");

    public ILocator Details => _page.Locator("#details");

    public ILocator Claims => _page.Locator("#claims");

    /// <summary>The text of the page about the lifetime of cache entries.</summary>
    public ILocator Memory => _page.Locator("#cache-note");

    public ILocator Inert => _page.Locator("main[inert]");

    /// <param name="browser">The browser.</param>
    /// <param name="maximumAge">How long a response is cached.</param>
    /// <param name="width">The width of the page.</param>
    /// <param name="loading">Holds the data that the page loads when it opens; null does not.</param>
    public static async Task<QuickstartPage> OpenAsync(Browser browser, TimeSpan maximumAge, int width = 1200, Task? loading = null)
    {
        Task<IPage> opening = browser.OpenAsync(width); // while the process starts
        SampleProcess quickstart = await SampleProcess.StartAsync(maximumAge);
        IPage page = await opening;
        var opened = new QuickstartPage(quickstart, page);
        if (loading is not null)
        {
            await page.RouteAsync(
                "**/demo",
                async route =>
                {
                    await loading;
                    await route.ContinueAsync();
                }
            );
        }

        await page.GotoAsync(quickstart.Address);
        return opened;
    }

    public async Task MakeTokenAsync()
    {
        ILocator token = _page.GetByLabel("Bearer token");
        await token.FillAsync("");
        await _page.GetByLabel("Workspace").FillAsync("umbrella");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Create a token" }).ClickAsync();
        await Expect(token).Not.ToHaveValueAsync("");
    }

    /// <summary>Calls the API, and waits until the page shows the result.</summary>
    public async Task CallAsync(string button)
    {
        ILocator calls = _page.Locator("#history .mono");
        int before = await calls.CountAsync();
        await _page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await Expect(calls).ToHaveCountAsync(before + 1);
    }

    /// <summary>Waits until the API accepts the page's token again.</summary>
    /// <remarks>WaitForFunctionAsync would not wait: it treats the promise of an asynchronous function as a true value.</remarks>
    public async Task WaitUntilAcceptedAsync(string path) =>
        Assert.True(
            await _page.EvaluateAsync<bool>(
                """
                async ([path, token]) => {
                  for (let attempt = 0; attempt < 120; attempt++) {
                    if ((await fetch(path, { headers: { Authorization: `Bearer ${token}` } })).ok)
                      return true;
                    await new Promise(resolve => setTimeout(resolve, 250));
                  }
                  return false;
                }
                """,
                new[] { path, await _page.GetByLabel("Bearer token").InputValueAsync() }
            )
        );

    public async Task RevokeAsync()
    {
        await _page.GetByRole(AriaRole.Button, new() { Name = "Revoke token" }).ClickAsync();
        await Expect(_page.Locator("#history")).ToContainTextAsync("revoked the token");
    }

    /// <summary>Breaks or repairs the authorization server, and waits until it is broken.</summary>
    public async Task SetServerAsync(string state, string historySays)
    {
        await _page.GetByRole(AriaRole.Radio, new() { Name = state }).CheckAsync();
        await Expect(_page.Locator("#history")).ToContainTextAsync(historySays);
    }

    /// <summary>One of the metrics on the page.</summary>
    public ILocator Metric(string name) => _page.Locator("#metrics div").Filter(new() { HasText = name }).Locator("dd");

    public async Task CheckHealthAsync() => await _page.GetByRole(AriaRole.Button, new() { Name = "Check health" }).ClickAsync();

    public async Task OpenDiagnosticsAsync() =>
        await _page.GetByRole(AriaRole.Banner).GetByRole(AriaRole.Link, new() { Name = "Diagnostics" }).ClickAsync();

    /// <summary>The decisions on the diagnostics page.</summary>
    public ILocator Decisions => _page.Locator("#decision-list > li");

    /// <summary>The cells of the history that are cut or outside of the window.</summary>
    public Task<int> CountCutCellsAsync() =>
        _page.EvaluateAsync<int>(
            """
            [...document.querySelectorAll("#history td")].filter(cell =>
              cell.getBoundingClientRect().right > innerWidth || cell.scrollWidth > cell.clientWidth + 1).length
              + (document.querySelector(".scroll").scrollWidth > document.querySelector(".scroll").clientWidth ? 1 : 0)
            """
        );

    public ILocator Health => _page.Locator("#health-note");

    public Task<int> MeasureWidthAsync() => _page.EvaluateAsync<int>("document.documentElement.scrollWidth");

    public async ValueTask DisposeAsync()
    {
        await _page.Context.CloseAsync();
        await _quickstart.DisposeAsync();
    }
}
