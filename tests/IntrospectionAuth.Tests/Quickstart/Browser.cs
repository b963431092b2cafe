using Microsoft.Playwright;

namespace IntrospectionAuth.Tests.Quickstart;

/// <summary>A headless Chromium for all tests of a page; it starts when the first of them opens one.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly BrowserTypeLaunchOptions s_chromium = new()
    {
        ExecutablePath = BrowserFactAttribute.ExecutablePath,
        Args =
        [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    };

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Opens an empty page that shares nothing with other pages.</summary>
    internal async Task<IPage> OpenAsync(int width)
    {
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(s_chromium);
        return await _browser.NewPageAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = 900 },
            }
        );
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
