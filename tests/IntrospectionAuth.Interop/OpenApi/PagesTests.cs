using IntrospectionAuth.Interop.OidcProvider;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using Chromium = IntrospectionAuth.Tests.Quickstart.Browser;

namespace IntrospectionAuth.Interop.OpenApi;

/// <summary>Swagger UI and Scalar obtain a token of oidc-provider as the document says, and execute operations with it.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class PagesTests(Chromium browser, DocumentedSample sample) : IClassFixture<Chromium>, IClassFixture<DocumentedSample>
{
    private const float Patience = 30_000; // milliseconds, for busy machines

    static PagesTests() => SetDefaultExpectTimeout(Patience);

    [BrowserAndNodeFact]
    public async Task Swagger_UI_authorizes_and_executes_what_its_scopes_allow()
    {
        IPage page = await OpenAsync("/swagger/");
        await page.Locator(".auth-wrapper button.authorize").ClickAsync();
        ILocator flow = page.Locator(".auth-container").Filter(new() { HasText = "authorizationCode" });
        await flow.Locator("label[for^='read-']").First.ClickAsync();
        await LogInAsync(page, flow.Locator("button.authorize"));
        await Expect(flow.GetByRole(AriaRole.Button, new() { Name = "Remove authorization" })).ToBeVisibleAsync();
        await page.Locator(".dialog-ux button.close-modal").ClickAsync();

        await ExecuteInSwaggerAsync(page, "get_notes", "200");
        await ExecuteInSwaggerAsync(page, "post_notes", "403");

        await page.Context.CloseAsync();
    }

    [BrowserAndNodeFact]
    public async Task Scalar_authorizes_and_executes_what_its_scopes_allow()
    {
        IPage page = await OpenAsync("/scalar/");
        await page.GetByRole(AriaRole.Button, new() { Name = "authorizationCode" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Scopes Selected" }).ClickAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Select read scope" }).CheckAsync();
        await LogInAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Authorize", Exact = true }));

        await page.GetByRole(AriaRole.Button, new() { Name = "Open Group - Notes" }).ClickAsync();
        await ExecuteInScalarAsync(page, "Reads all notes", "get /notes", "200 OK");
        await ExecuteInScalarAsync(page, "Adds a note", "post /notes", "403 Forbidden");

        await page.Context.CloseAsync();
    }

    private async Task<IPage> OpenAsync(string path)
    {
        IPage page = await browser.OpenAsync(1600);
        page.SetDefaultTimeout(Patience);
        await page.GotoAsync(sample.Url + path);
        return page;
    }

    /// <summary>Opens the login page of the authorization server by a button, and logs in there. The page closes itself.</summary>
    private static async Task LogInAsync(IPage page, ILocator authorize)
    {
        Task<IResponse> token = page.WaitForResponseAsync(static response =>
            response.Url.EndsWith("/token", StringComparison.Ordinal) && response.Request.Method == "POST"
        );
        IPage login = await page.RunAndWaitForPopupAsync(() => authorize.ClickAsync());
        await login.GetByLabel("User").FillAsync("user-1");
        await login.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();

        Assert.Equal(200, (await token).Status);
        Assert.Contains("code_verifier=", (await token).Request.PostData, StringComparison.Ordinal);
    }

    private static async Task ExecuteInSwaggerAsync(IPage page, string operation, string status)
    {
        ILocator block = page.Locator($"#operations-Notes-{operation}");
        await block.Locator(".opblock-summary-control").ClickAsync();
        await block.GetByRole(AriaRole.Button, new() { Name = "Try it out" }).ClickAsync();
        await block.GetByRole(AriaRole.Button, new() { Name = "Execute" }).ClickAsync();
        await Expect(block.Locator(".live-responses-table .response-col_status").Last).ToContainTextAsync(status);
    }

    private static async Task ExecuteInScalarAsync(IPage page, string title, string operation, string status)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Test Request ({operation})" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send Request" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync(status);
        await page.GetByRole(AriaRole.Button, new() { Name = "Close Client" }).First.ClickAsync();
    }
}
