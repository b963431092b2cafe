using System.Text.Json;
using IntrospectionAuth.Json;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.PushedRevocation;

namespace IntrospectionAuth.Webhooks;

/// <summary>An event of WorkOS, and the tokens that it revokes. It may revoke more than what has changed, never less.</summary>
internal sealed class WorkOSEvent
{
    private const int MaximumDepth = 64; // the raw attributes of a directory
    private const int MaximumIdLength = 256;

    /// <summary>The type, if it is one that revokes tokens.</summary>
    public string? Type { get; private init; }

    public RevokedTokens Tokens { get; } = new();

    public static Reading<WorkOSEvent> Read(ReadOnlyMemory<byte> body) => StrictJson.Read(body, MaximumDepth, Read);

    private static Reading<WorkOSEvent> Read(JsonElement json)
    {
        if (json.ReadString("event") is not { Length: > 0 } name)
            return Reading<WorkOSEvent>.Unusable("it has no type");
        if (FindType(name) is not { } type)
            return Reading<WorkOSEvent>.Of(new WorkOSEvent());
        if (!json.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Object)
            return Reading<WorkOSEvent>.Unusable("it has no data");

        var read = new WorkOSEvent { Type = type };
        switch (type)
        {
            case "session.revoked":
                // The session's id is the sid of its tokens, which not every token has.
                Add(read.Tokens.Sessions, data, "id");
                Add(read.Tokens.Subjects, data, "user_id");
                if (read.Tokens.Subjects.Count == 0)
                    Add(read.Tokens.Organizations, data, "organization_id");
                break;
            case "user.deleted":
                Add(read.Tokens.Subjects, data, "id");
                break;
            case "organization.deleted":
                Add(read.Tokens.Organizations, data, "id");
                break;
            default: // a membership
                Add(read.Tokens.Subjects, data, "user_id");
                if (read.Tokens.IsEmpty)
                    Add(read.Tokens.Organizations, data, "organization_id");
                break;
        }

        return read.Tokens.IsEmpty ? Reading<WorkOSEvent>.Unusable("its data has no id") : Reading<WorkOSEvent>.Of(read);
    }

    /// <returns>The type as a constant, so that no text of a sender reaches a log or a tag.</returns>
    private static string? FindType(string name) =>
        name switch
        {
            "session.revoked" => "session.revoked",
            "user.deleted" => "user.deleted",
            "organization_membership.deleted" => "organization_membership.deleted",
            "organization_membership.updated" => "organization_membership.updated",
            "organization.deleted" => "organization.deleted",
            _ => null,
        };

    private static void Add(HashSet<string> ids, JsonElement data, string member)
    {
        if (data.ReadString(member) is { Length: > 0 and <= MaximumIdLength } id)
            ids.Add(id);
    }
}
