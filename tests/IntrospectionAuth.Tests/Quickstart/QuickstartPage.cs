using IntrospectionAuth.Tests.Claims;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace IntrospectionAuth.Tests.Quickstart;

/// <summary>The page of a quickstart in a headless Chromium, and what a person does on it.</summary>
internal sealed class QuickstartPage : IAsyncDisposable
{
    private readonly QuickstartProcess _quickstart;
    private readonly IPage _page;

    static QuickstartPage() => SetDefaultExpectTimeout(30_000); // a busy machine is no failure

    private QuickstartPage(QuickstartProcess quickstart, IPage page)
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

    /// <summary>Errors of the page's scripts, and requests to anywhere but the quickstart.</summary>
    public List<string> Faults { get; } = [];

    public ILocator Response => _page.Locator("#response");

    public ILocator Details => _page.Locator("#details");

    public ILocator Claims => _page.Locator("#claims");

    /// <summary>What the page says about how long the API remembers.</summary>
    public ILocator Memory => _page.Locator("#cache-note");

    public static async Task<QuickstartPage> OpenAsync(Browser browser, TimeSpan maximumAge, int width = 1200)
    {
        QuickstartProcess quickstart = await QuickstartProcess.StartAsync(maximumAge);
        IPage page = await browser.OpenAsync(width);
        var opened = new QuickstartPage(quickstart, page);
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

    /// <summary>Calls the API, and waits until the page shows what came of it.</summary>
    public async Task CallAsync(string button)
    {
        ILocator calls = _page.Locator("#history .mono");
        int before = await calls.CountAsync();
        await _page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await Expect(calls).ToHaveCountAsync(before + 1);
    }

    /// <summary>Waits until the API accepts the page's token again.</summary>
    /// <remarks>Not WaitForFunctionAsync: it takes the promise of an asynchronous function for a true value, and waits for nothing.</remarks>
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

    /// <summary>Breaks the authorization server, and waits until it is broken; or repairs it.</summary>
    public async Task SetServerAsync(string state, string historySays)
    {
        await _page.GetByRole(AriaRole.Radio, new() { Name = state }).CheckAsync();
        await Expect(_page.Locator("#history")).ToContainTextAsync(historySays);
    }

    /// <summary>One of the numbers that an operator sees.</summary>
    public ILocator Metric(string name) => _page.Locator("#metrics div").Filter(new() { HasText = name }).Locator("dd");

    public async Task CheckHealthAsync() => await _page.GetByRole(AriaRole.Button, new() { Name = "Check health" }).ClickAsync();

    public ILocator Health => _page.Locator("#health-note");

    public Task<int> MeasureWidthAsync() => _page.EvaluateAsync<int>("document.documentElement.scrollWidth");

    public async ValueTask DisposeAsync()
    {
        await _page.Context.CloseAsync();
        await _quickstart.DisposeAsync();
    }
}
