using System.Text.Json;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.DiagnosticsPage;

/// <summary>Writes <c>decisions.json</c>. docs/diagnostics.md describes it.</summary>
internal static class DecisionsWriter
{
    /// <param name="json">The document.</param>
    /// <param name="log">The decisions.</param>
    /// <param name="since">Decisions that have not changed since this version are omitted.</param>
    /// <param name="instance">Identifies the running application.</param>
    /// <param name="now">The time.</param>
    public static void Write(Utf8JsonWriter json, DecisionLog log, long since, string instance, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("instance", instance);
        json.WriteNumber("version", log.Version); // read first: what changes meanwhile is sent again
        json.WriteString("now", now);
        json.WriteNumber("capacity", DecisionLog.Capacity);
        json.WriteStartArray("decisions");
        foreach (Decision decision in log.Newest().Where(decision => decision.Version > since))
            Write(json, decision);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Decision decision)
    {
        json.WriteStartObject();
        json.WriteNumber("number", decision.Number);
        json.WriteString("time", decision.Time);
        json.WriteString("scheme", decision.Scheme);
        json.WriteString("tenant", decision.Tenant);
        json.WriteString("method", decision.Method);
        json.WriteString("path", decision.Path);
        json.WriteString("endpoint", decision.Endpoint);
        json.WriteString("token", decision.Fingerprint);
        json.WriteString("outcome", NameOf(decision));
        json.WriteString("failure", decision.Failure?.ToString());
        json.WriteBoolean("failureIsReplaced", decision.IsReplaced);
        WriteNumber(json, "status", decision.StatusCode == 0 ? null : decision.StatusCode);
        json.WriteString("source", NameOf(decision.Source));
        if (decision.ObtainedAt is { } obtainedAt)
            json.WriteString("obtainedAt", obtainedAt);
        else
            json.WriteNull("obtainedAt");
        Write(json, "checks", decision.Checks);
        json.WriteStartArray("calls");
        foreach (Exchange exchange in decision.Exchanges)
            Write(json, exchange);
        json.WriteEndArray();
        Write(json, decision.Policy);
        Write(json, decision.Remedy);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<Check> checks)
    {
        json.WriteStartArray(name);
        foreach (Check check in checks)
        {
            json.WriteStartObject();
            json.WriteString("name", check.Name);
            json.WriteString("expected", check.Expected);
            json.WriteString("found", check.Found);
            json.WriteString("verdict", NameOf(check.Verdict));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Exchange exchange)
    {
        json.WriteStartObject();
        json.WriteString("startedAt", exchange.StartedAt);
        json.WriteString("url", exchange.Url);
        json.WriteString("clientAuthenticationMethod", exchange.ClientAuthenticationMethod);
        json.WriteNumber("milliseconds", Math.Round(exchange.Duration.TotalMilliseconds, 3));
        WriteNumber(json, "status", exchange.StatusCode);
        json.WriteString("contentType", exchange.ContentType);
        json.WriteString("body", exchange.Body);
        json.WriteBoolean("bodyIsCut", exchange.IsTruncated);
        json.WriteString("outcome", exchange.Outcome);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PolicyDecision? policy)
    {
        if (policy is null)
        {
            json.WriteNull("policy");
            return;
        }

        json.WriteStartObject("policy");
        json.WriteStartArray("names");
        foreach (string name in policy.Names)
            json.WriteStringValue(name);
        json.WriteEndArray();
        Write(json, "requirements", policy.Requirements);
        Write(json, policy.Remedy);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Remedy? remedy)
    {
        if (remedy is null)
        {
            json.WriteNull("remedy");
            return;
        }

        json.WriteStartObject("remedy");
        json.WriteString("text", remedy.Text);
        json.WriteString("page", remedy.Page);
        json.WriteString("link", remedy.Link);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? number)
    {
        if (number is { } value)
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }

    /// <summary>The outcome for the request: a policy may refuse a token that was accepted.</summary>
    private static string NameOf(Decision decision) =>
        decision.Outcome switch
        {
            DecisionOutcome.Accepted => decision.Policy is null ? "accepted" : "forbidden",
            DecisionOutcome.NoToken => "noToken",
            DecisionOutcome.Rejected => "rejected",
            _ => "unavailable",
        };

    private static string NameOf(ResponseSource source) =>
        source switch
        {
            ResponseSource.Cache => "cache",
            ResponseSource.Call => "call",
            ResponseSource.JoinedCall => "joinedCall",
            ResponseSource.StaleCache => "staleCache",
            _ => "none",
        };

    private static string NameOf(CheckVerdict verdict) =>
        verdict switch
        {
            CheckVerdict.Passed => "passed",
            CheckVerdict.Failed => "failed",
            CheckVerdict.NotReached => "notReached",
            _ => "notApplicable",
        };
}
