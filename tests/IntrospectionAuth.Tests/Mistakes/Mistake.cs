using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;

namespace IntrospectionAuth.Tests.Mistakes;

/// <summary>A wrong configuration or request, and the setting, method or part of the request that fixes it.</summary>
internal sealed class Mistake(string name, string remedy)
{
    public string Name => name;

    /// <summary>What must be named in the exception at startup, the log or the response in Development.</summary>
    public string Remedy => remedy;

    /// <summary>Settings of the scheme; null removes one that is otherwise set.</summary>
    public Dictionary<string, string?> Settings { get; init; } = [];

    public Action<OAuthIntrospectionOptions>? Options { get; init; }

    /// <summary>Adds the schemes; by default one introspection scheme.</summary>
    public Action<AuthenticationBuilder>? Schemes { get; init; }

    public string? DefaultScheme { get; init; }

    /// <summary>Adds middleware and endpoints to those that every application has.</summary>
    public Action<WebApplication>? App { get; init; }

    /// <summary>Options of the fake authorization server.</summary>
    public Action<FakeAuthorizationServerOptions>? Server { get; init; }

    /// <summary>What the fake authorization server does.</summary>
    public Action<FakeAuthorizationServer>? Behavior { get; init; }

    /// <summary>Whether the calls leave the process, so that there is no fake.</summary>
    public bool UsesNetwork { get; init; }

    public string Path { get; init; } = "/read";

    /// <summary>The header of the request; null for none. By default it has a good token with the scope read.</summary>
    public Func<FakeAuthorizationServer, string?> Authorization { get; init; } = static server => "Bearer " + server.IssueToken("read");

    public override string ToString() => name;
}
