using IntrospectionAuth.Removals;

namespace IntrospectionAuth.PushedRevocation;

/// <summary>The tokens that an event revokes: those of each subject, session and organization that it names.</summary>
internal sealed class RevokedTokens
{
    public HashSet<string> Subjects { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Sessions { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Organizations { get; } = new(StringComparer.Ordinal);

    public IEnumerable<Removal> ToRemovals() =>
        [
            .. Subjects.Select(static it => Removal.Of(RemovalKind.Subject, it)),
            .. Sessions.Select(static it => Removal.Of(RemovalKind.Session, it)),
            .. Organizations.Select(static it => Removal.Of(RemovalKind.Organization, it)),
        ];

    public bool IsEmpty => Subjects.Count + Sessions.Count + Organizations.Count == 0;
}
