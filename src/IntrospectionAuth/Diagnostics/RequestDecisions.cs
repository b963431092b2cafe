using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Diagnostics;

/// <summary>A request feature: the decisions of all schemes about the token of one request.</summary>
internal sealed class RequestDecisions
{
    private readonly List<Decision> _all = [];

    /// <summary>Whether the caller may read the reason: the application runs in Development.</summary>
    public required bool MayBeSent { get; init; }

    public IReadOnlyList<Decision> All => _all;

    public void Add(Decision decision) => _all.Add(decision);

    /// <summary>The latest decision of a scheme; null when there is none.</summary>
    public Decision? Find(string scheme) => _all.FindLast(decision => decision.Scheme == scheme);

    /// <returns>The decision of a scheme that refused the request, if the caller may read the reason; otherwise null.</returns>
    public static Decision? FindSent(HttpContext context, string? scheme) =>
        scheme is not null && context.Features.Get<RequestDecisions>() is { MayBeSent: true } decisions ? decisions.Find(scheme) : null;
}
