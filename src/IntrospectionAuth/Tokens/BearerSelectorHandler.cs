using System.Buffers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tokens;

/// <summary>
/// Forwards a request to the scheme that the rules choose. The choice is made once, so the same scheme authenticates, challenges and
/// forbids.
/// </summary>
internal sealed class BearerSelectorHandler(
    IOptionsMonitor<BearerSelectorOptions> selectors,
    IOptionsMonitor<OAuthIntrospectionOptions> introspection,
    IOptions<AuthenticationOptions> authentication
) : IAuthenticationHandler
{
    private BearerSelectorOptions _options = null!; // InitializeAsync comes first
    private HttpContext _context = null!;
    private string _name = null!;
    private string? _chosen;
    private UnverifiedToken? _token;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _options = selectors.Get(scheme.Name);
        _context = context;
        _name = scheme.Name;
        return Task.CompletedTask;
    }

    public async Task<AuthenticateResult> AuthenticateAsync() =>
        await _context.AuthenticateAsync(ForwardCircle.Count(_name, await ChooseAsync()));

    public async Task ChallengeAsync(AuthenticationProperties? properties) =>
        await _context.ChallengeAsync(ForwardCircle.Count(_name, await ChooseAsync()), properties);

    public async Task ForbidAsync(AuthenticationProperties? properties) =>
        await _context.ForbidAsync(ForwardCircle.Count(_name, await ChooseAsync()), properties);

    private async ValueTask<string> ChooseAsync() => _chosen ??= await ApplyRulesAsync();

    private async ValueTask<string> ApplyRulesAsync()
    {
        foreach (SelectorRule rule in _options.Rules)
        {
            if (rule.Matches(_context.Request) || (rule.IsAboutTokens && await MatchesTokenAsync(rule)))
                return rule.Scheme;
        }

        return _options.DefaultScheme!; // required by ValidateBearerSelector
    }

    private async ValueTask<bool> MatchesTokenAsync(SelectorRule rule)
    {
        OAuthIntrospectionOptions? target = IsIntrospection(rule.Scheme) ? introspection.Get(rule.Scheme) : null;

        // The chosen scheme checks the length and characters of the token. They must not decide which scheme that is.
        RequestToken token = target is { TokenRetrieval.IsHeaderOnly: false }
            ? await RequestTokenReader.ReadAsync(_context.Request, target.TokenRetrieval, int.MaxValue, Characters)
            : AuthorizationReader.Read(_context.Request.Headers.Authorization, int.MaxValue, Characters);

        if (token.IsMalformed)
            return target is not null; // an introspection scheme rejects it; another scheme might accept it
        if (token.IsNone)
            return false;
        if (_token?.Value.Equals(token.Value, StringComparison.Ordinal) != true)
            _token = new UnverifiedToken(token.Value);
        return rule.Matches(_token);
    }

    /// <summary>If one of the schemes accepts additional characters, all rules accept them, so that their order does not matter.</summary>
    private SearchValues<char>? Characters =>
        _options.Schemes.Any(scheme => IsIntrospection(scheme) && introspection.Get(scheme).TokenCharacters is not null)
            ? TokenCharacters.All
            : null;

    private bool IsIntrospection(string scheme) =>
        authentication.Value.SchemeMap.TryGetValue(scheme, out AuthenticationSchemeBuilder? builder)
        && builder.HandlerType == typeof(OAuthIntrospectionHandler);
}
