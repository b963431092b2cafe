using IntrospectionAuth.Tests.Quickstart;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace IntrospectionAuth.Tests.FleetSample;

/// <summary>The page of the fleet, used as a person would.</summary>
public sealed class FleetPageTests(Browser browser) : IClassFixture<Browser>
{
    static FleetPageTests() => SetDefaultExpectTimeout(90_000); // for busy machines

    [BrowserFact]
    public async Task The_page_shows_that_every_node_rejects_a_token_that_is_revoked_on_one()
    {
        await using SampleProcess sample = await FleetProcess.StartAsync();
        IPage page = await browser.OpenAsync(width: 1200);
        List<string> faults = FaultsOf(page, sample);
        await page.GotoAsync(sample.Address);

        await ClickAsync(page, "Create a token");
        await ClickAsync(page, "Send to node 1");
        await Expect(Card(page, "node 1")).ToContainTextAsync("called the authorization server");
        await ClickAsync(page, "Send to node 2");
        await Expect(Card(page, "node 2")).ToContainTextAsync("from Redis");
        await ClickAsync(page, "Revoke on node 2");
        foreach (string node in (string[])["node 1", "node 2", "node 3"])
            await Expect(Card(page, node)).ToContainTextAsync("rejected after");

        await Expect(page.Locator("#history")).ToContainTextAsync("node 2working");
        await Expect(page.Locator("#calls")).Not.ToHaveTextAsync("0");
        Assert.Empty(faults);
    }

    [BrowserFact]
    public async Task The_page_shows_that_requests_go_on_while_Redis_is_cut()
    {
        await using SampleProcess sample = await FleetProcess.StartAsync();
        IPage page = await browser.OpenAsync(width: 390);
        await page.GotoAsync(sample.Address);

        await ClickAsync(page, "Cut Redis");
        await Expect(page.Locator("#redis")).ToHaveTextAsync("cut");
        await ClickAsync(page, "Create a token");
        await ClickAsync(page, "Send to node 3");
        await Expect(Card(page, "node 3")).ToContainTextAsync("200 OK");
        await ClickAsync(page, "Restore Redis");

        await Expect(page.Locator("#redis")).ToHaveTextAsync("working");
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    private static List<string> FaultsOf(IPage page, SampleProcess sample)
    {
        var faults = new List<string>();
        page.PageError += (_, error) => faults.Add(error);
        page.Request += (_, request) =>
        {
            bool isOwn = request.Url.StartsWith(sample.Address, StringComparison.Ordinal);
            if (!isOwn && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                faults.Add("The page asked for " + request.Url);
        };
        return faults;
    }

    private static ILocator Card(IPage page, string node) => page.GetByRole(AriaRole.Article, new() { Name = node });

    private static Task ClickAsync(IPage page, string button) =>
        page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
}
